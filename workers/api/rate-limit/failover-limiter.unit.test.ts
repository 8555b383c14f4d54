import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { RateLimitDecision, RateLimiter } from '#shared/rpc/rate-limiter.ts';
import { failoverLimiter, RateLimiterUnavailable } from './failover-limiter.ts';

const REQUEST = { identifier: 'key_secret_1', limit: 5, windowMs: 60_000 };

/** A limiter that names itself in `limit`, and fails when told to. */
function fake(limit: number) {
  const state = { fails: undefined as Error | undefined, calls: 0 };
  const decision: RateLimitDecision = { allowed: true, limit, remaining: 1, retryAfterSeconds: 0, resetSeconds: 60 };
  const limiter: RateLimiter = {
    take() {
      state.calls += 1;
      return state.fails === undefined ? Promise.resolve(decision) : Promise.reject(state.fails);
    },
  };
  return { state, limiter };
}

function setUp() {
  const clock = { now: 1_800_000_000_000 };
  const [redis, durableObject] = [fake(1), fake(2)];
  const limiter = failoverLimiter({
    redis: redis.limiter,
    durableObject: durableObject.limiter,
    now: () => clock.now,
  });
  const countedBy = async () => ((await limiter.take(REQUEST)).limit === 1 ? 'redis' : 'durable object');
  return { clock, redis: redis.state, durableObject: durableObject.state, limiter, countedBy };
}

describe('failoverLimiter', () => {
  const warn = vi.spyOn(console, 'warn').mockReturnValue();
  const info = vi.spyOn(console, 'info').mockReturnValue();
  beforeEach(() => {
    warn.mockClear();
    info.mockClear();
  });
  afterEach(() => expect(warn.mock.calls.flat().join()).not.toContain('secret'));

  it('asks Redis alone while it answers', async () => {
    const { durableObject, countedBy } = setUp();
    expect(await countedBy()).toBe('redis');
    expect(durableObject.calls).toBe(0);
    expect(warn).not.toHaveBeenCalled();
  });

  it('counts in the Durable Object when Redis fails, leaves Redis alone for ten seconds, then goes back', async () => {
    const { clock, redis, countedBy } = setUp();
    redis.fails = new DOMException('secret command', 'TimeoutError');
    expect(await countedBy()).toBe('durable object');
    clock.now += 9_999;
    expect(await countedBy()).toBe('durable object');
    expect(redis.calls).toBe(1);
    redis.fails = undefined;
    clock.now += 1;
    expect(await countedBy()).toBe('redis');
    expect(await countedBy()).toBe('redis');
    expect(info.mock.calls).toEqual([[JSON.stringify({ event: 'rate_limit_redis_restored' })]]);
  });

  it('says once that Redis is down, however many requests fail and however long it lasts', async () => {
    const { clock, redis, countedBy } = setUp();
    redis.fails = new Error('secret command');
    await Promise.all(Array.from({ length: 50 }, countedBy));
    for (let probe = 0; probe < 5; probe++) {
      clock.now += 10_000;
      await Promise.all(Array.from({ length: 50 }, countedBy));
    }
    expect(redis.calls).toBe(50 + 5);
    expect(warn.mock.calls).toEqual([
      [JSON.stringify({ event: 'rate_limit_redis_down', reason: 'Error', counting: 'durable_object' })],
    ]);
  });

  it('fails closed when nobody can count', async () => {
    const { redis, durableObject, limiter } = setUp();
    redis.fails = new Error('redis down');
    durableObject.fails = new Error('object down');
    await expect(limiter.take(REQUEST)).rejects.toBeInstanceOf(RateLimiterUnavailable);
    await expect(limiter.take(REQUEST)).rejects.toMatchObject({ cause: durableObject.fails });
  });

  it('fails closed without Redis, too', async () => {
    const { state, limiter: durableObject } = fake(2);
    const limiter = failoverLimiter({ durableObject, now: () => 0 });
    expect(await limiter.take(REQUEST)).toMatchObject({ limit: 2 });
    state.fails = new Error('object down');
    await expect(limiter.take(REQUEST)).rejects.toBeInstanceOf(RateLimiterUnavailable);
  });
});
