import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { durableObjectLimiter } from './durable-object-limiter.ts';
import type { RateLimit } from './rate-limit.ts';
import type { SlidingWindow } from './sliding-window.ts';

const { RATE_LIMIT } = env;

const MINUTE = 60_000;
/** A clock may not run past the window during a test, however slow the machine. */
const HOUR = 3_600_000;

type Stub = DurableObjectStub<RateLimit>;

async function takeAtOnce(stub: Stub, count: number, limit: number, windowMs = HOUR): Promise<number> {
  const decisions = await Promise.all(Array.from({ length: count }, () => stub.take({ limit, windowMs })));
  return decisions.filter(({ allowed }) => allowed).length;
}

/** What would be there after a crash. */
function onDisk(stub: Stub) {
  return runInDurableObject(stub, async (_instance, { storage }) => ({
    entries: await storage.list(),
    alarm: await storage.getAlarm(),
  }));
}

async function countOnDisk(stub: Stub): Promise<number> {
  return total((await onDisk(stub)).entries.get('window') as SlidingWindow | undefined);
}

const total = (window?: SlidingWindow) => window?.counts.reduce((sum, count) => sum + count, 0) ?? 0;
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

const eventually = { timeout: 10_000, interval: 20 };

describe('the RateLimit object', () => {
  afterEach(() => vi.useRealTimers());

  it('lets exactly 240 of 300 requests at once pass', async () => {
    expect(await takeAtOnce(RATE_LIMIT.getByName('burst'), 300, 240)).toBe(240);
  });

  it('answers a health probe without leaving anything behind', async () => {
    const stub = RATE_LIMIT.getByName('probed');
    expect(await stub.ping()).toBe('pong');
    expect(await onDisk(stub)).toEqual({ entries: new Map(), alarm: null });
  });

  it('counts on after an eviction in the middle', async () => {
    const stub = RATE_LIMIT.getByName('evicted');
    expect(await takeAtOnce(stub, 150, 240)).toBe(150);
    await vi.waitFor(async () => expect(await countOnDisk(stub)).toBe(150), eventually);
    await evictDurableObject(stub);
    expect(await takeAtOnce(stub, 150, 240)).toBe(90);
    await vi.waitFor(async () => expect(await countOnDisk(stub)).toBe(240), eventually);
    await evictDurableObject(stub);
    expect(await takeAtOnce(stub, 10, 240)).toBe(0);
  });

  it('writes the first change, the last one and one a second between, and none for a request that is denied', async () => {
    const stub = RATE_LIMIT.getByName('hot');
    await runInDurableObject(stub, async (instance, { storage }) => {
      const put = vi.spyOn(storage, 'put');
      const take = () => instance.take({ limit: 30, windowMs: HOUR });
      const written = async () => total(await storage.get<SlidingWindow>('window'));
      const startedAt = Date.now();
      take();
      await vi.waitFor(async () => expect(await written()).toBe(1), eventually);
      for (let i = 1; i < 30; i++) {
        take();
        await pause(20);
      }
      await vi.waitFor(async () => expect(await written()).toBe(30), eventually);
      const puts = put.mock.calls.length;
      expect(puts).toBeLessThanOrEqual(2 + (Date.now() - startedAt) / 1_000);
      expect(take().allowed).toBe(false);
      await pause(1_500);
      expect(put).toHaveBeenCalledTimes(puts);
      put.mockRestore();
    });
  });

  it('leaves nothing behind when its window is over', async () => {
    const stub = RATE_LIMIT.getByName('idle');
    expect(await takeAtOnce(stub, 3, 2)).toBe(2);
    await vi.waitFor(async () => expect(await countOnDisk(stub)).toBe(2), eventually);
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 2 * HOUR });
    expect(await runDurableObjectAlarm(stub)).toBe(true);
    expect(await onDisk(stub)).toEqual({ entries: new Map(), alarm: null });
    await evictDurableObject(stub);
    expect(await onDisk(stub)).toEqual({ entries: new Map(), alarm: null });
    expect(await takeAtOnce(stub, 3, 2)).toBe(2);
  });

  it('forgets nothing when its alarm rings early, and sets it anew', async () => {
    const stub = RATE_LIMIT.getByName('early');
    expect(await takeAtOnce(stub, 2, 2)).toBe(2);
    await vi.waitFor(async () => expect((await onDisk(stub)).alarm).not.toBeNull(), eventually);
    expect(await runDurableObjectAlarm(stub)).toBe(true);
    expect(await takeAtOnce(stub, 1, 2)).toBe(0);
    const { alarm } = await onDisk(stub);
    expect(alarm).toBeGreaterThan(Date.now() + HOUR / 2);
    await vi.waitFor(async () => expect(await countOnDisk(stub)).toBe(2), eventually);
    await evictDurableObject(stub);
    expect(await runDurableObjectAlarm(stub)).toBe(true);
    expect(await takeAtOnce(stub, 1, 2)).toBe(0);
  });
});

describe('durableObjectLimiter', () => {
  const limiter = durableObjectLimiter(RATE_LIMIT);

  it('counts identifiers apart, and the windows of one identifier, too', async () => {
    const first = { identifier: 'first', limit: 1, windowMs: HOUR };
    expect(await limiter.take(first)).toMatchObject({ allowed: true, limit: 1, remaining: 0 });
    expect(await limiter.take(first)).toMatchObject({ allowed: false, remaining: 0 });
    expect(await limiter.take({ ...first, identifier: 'second' })).toMatchObject({ allowed: true });
    expect(await limiter.take({ ...first, windowMs: MINUTE })).toMatchObject({ allowed: true });
    expect(await limiter.take(first)).toMatchObject({ allowed: false });
  });

  it('says when to come back', async () => {
    const request = { identifier: 'told', limit: 1, windowMs: MINUTE };
    await limiter.take(request);
    const { retryAfterSeconds, resetSeconds } = await limiter.take(request);
    expect(retryAfterSeconds).toBeGreaterThanOrEqual(1);
    expect(retryAfterSeconds).toBeLessThanOrEqual(61);
    expect(resetSeconds).toBe(retryAfterSeconds);
  });
});
