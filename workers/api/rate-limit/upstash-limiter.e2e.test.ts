import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { RateLimiter } from '#shared/rpc/rate-limiter.ts';
import { clearOfWindowBoundary } from '#shared/testing/clear-of-window-boundary.ts';
import { type RedisRestBridge, redisServerAvailable, startRedisRestBridge } from '#shared/testing/redis-rest-bridge.ts';
import { failoverLimiter } from './failover-limiter.ts';
import { type SlidingWindow, takeFromWindow } from './sliding-window.ts';
import { upstashLimiter } from './upstash-limiter.ts';

const MINUTE = 60_000;
const PATIENT_MS = 60_000;
const TIMEOUT_MS = 300;

async function takeAtOnce(limiter: RateLimiter, identifier: string, count: number, limit: number): Promise<number> {
  const requests = Array.from({ length: count }, () => limiter.take({ identifier, limit, windowMs: MINUTE }));
  return (await Promise.all(requests)).filter(({ allowed }) => allowed).length;
}

/** Stands in for the Durable Object, which needs workerd: the same pure core, and a count of its calls. */
function inMemoryLimiter() {
  const windows = new Map<string, SlidingWindow>();
  const limiter = {
    calls: 0,
    take({ identifier, ...request }: Parameters<RateLimiter['take']>[0]) {
      limiter.calls += 1;
      const { window, decision } = takeFromWindow(windows.get(identifier), request, Date.now());
      windows.set(identifier, window);
      return Promise.resolve(decision);
    },
  };
  return limiter;
}

describe.skipIf(!redisServerAvailable())('the Upstash limiter against a real Redis', () => {
  let bridge: RedisRestBridge;
  beforeAll(async () => {
    vi.spyOn(console, 'warn').mockReturnValue();
    vi.spyOn(console, 'info').mockReturnValue();
    bridge = await startRedisRestBridge();
  });
  afterAll(() => bridge.stop());

  const upstash = (timeoutMs: number) => upstashLimiter({ url: bridge.url, token: bridge.token, timeoutMs });

  function withFallback(timeoutMs: number) {
    const clock = { now: 0 };
    const fallback = inMemoryLimiter();
    const now = () => clock.now;
    return { clock, fallback, limiter: failoverLimiter({ redis: upstash(timeoutMs), durableObject: fallback, now }) };
  }

  it('lets exactly 240 of 300 requests at once pass, and counts identifiers apart', async () => {
    await clearOfWindowBoundary(MINUTE);
    const limiter = upstash(PATIENT_MS);
    expect(await takeAtOnce(limiter, 'burst', 300, 240)).toBe(240);
    const denied = await limiter.take({ identifier: 'burst', limit: 240, windowMs: MINUTE });
    expect(denied).toMatchObject({ allowed: false, limit: 240, remaining: 0 });
    expect(denied.retryAfterSeconds).toBeGreaterThanOrEqual(1);
    expect(denied.resetSeconds).toBe(denied.retryAfterSeconds + 60);
    const other = await limiter.take({ identifier: 'other', limit: 240, windowMs: MINUTE });
    expect(other).toMatchObject({ allowed: true, remaining: 239, retryAfterSeconds: 0 });
  });

  it('holds the limit across isolates, since the count is in Redis', async () => {
    await clearOfWindowBoundary(MINUTE);
    const isolates = Array.from({ length: 6 }, () => upstash(PATIENT_MS));
    const passed = await Promise.all(isolates.map((limiter) => takeAtOnce(limiter, 'isolates', 50, 240)));
    expect(passed.reduce((sum, count) => sum + count, 0)).toBe(240);
  });

  it('goes on limiting when Redis is killed, and returns to Redis once it is back', async () => {
    await clearOfWindowBoundary(MINUTE);
    const { clock, fallback, limiter } = withFallback(PATIENT_MS);
    expect(await takeAtOnce(limiter, 'outage', 300, 240)).toBe(240);
    expect(fallback.calls).toBe(0);

    await bridge.killRedis();
    expect(await takeAtOnce(limiter, 'outage', 300, 240)).toBe(240);
    expect(await takeAtOnce(limiter, 'outage', 300, 240)).toBe(0);
    expect(fallback.calls).toBe(600);

    await bridge.restartRedis();
    const before = bridge.commandCount;
    expect(await takeAtOnce(limiter, 'outage', 10, 240)).toBe(0);
    expect(bridge.commandCount).toBe(before);
    clock.now += 10_000;
    expect(await takeAtOnce(limiter, 'back', 1, 240)).toBe(1);
    expect(await takeAtOnce(limiter, 'back', 300, 240)).toBe(239);
    expect(fallback.calls).toBe(610);
  });

  it('waits for a stalled Redis no longer than the timeout, and then not at all', async () => {
    bridge.stallFor(10 * PATIENT_MS);
    const { clock, fallback, limiter } = withFallback(TIMEOUT_MS);
    // Were the timeout not in force, these would wait for the stall and the test would run out of time.
    await expect(upstash(TIMEOUT_MS).take({ identifier: 'slow', limit: 5, windowMs: MINUTE })).rejects.toMatchObject({
      name: 'TimeoutError',
    });
    expect(await takeAtOnce(limiter, 'slow', 8, 5)).toBe(5);
    const before = bridge.commandCount;
    expect(await takeAtOnce(limiter, 'slow', 8, 5)).toBe(0);
    expect(fallback.calls).toBe(16);
    expect(bridge.commandCount).toBe(before);

    bridge.stallFor(0);
    await vi.waitFor(async () => {
      // A probe is due every ten seconds; on a slow machine one may come too late for the timeout, too.
      clock.now += 10_000;
      const countedByFallback = fallback.calls;
      await takeAtOnce(limiter, 'awake', 1, 240);
      expect(fallback.calls).toBe(countedByFallback);
    });
  });
});
