import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestHarness } from 'wrangler';
import { clearOfWindowBoundary } from '#shared/testing/clear-of-window-boundary.ts';
import { type RedisRestBridge, redisServerAvailable, startRedisRestBridge } from '#shared/testing/redis-rest-bridge.ts';

const MINUTE = 60_000;
const LIMIT = 240;

/** The two differ in one thing: whose Durable Objects are bound as RATE_LIMIT. */
function workerConfig(name: string, className: string, bridge: RedisRestBridge) {
  return {
    name,
    main: 'shared/testing/rate-limit-test-worker.ts',
    compatibility_date: '2026-10-01',
    compatibility_flags: ['nodejs_compat'],
    vars: { UPSTASH_REDIS_REST_URL: bridge.url, UPSTASH_REDIS_REST_TOKEN: bridge.token },
    durable_objects: { bindings: [{ name: 'RATE_LIMIT', class_name: className }] },
    migrations: [{ tag: 'v1', new_sqlite_classes: ['RateLimit', 'BrokenRateLimit'] }],
  };
}

describe.skipIf(!redisServerAvailable())('the rate limiter in workerd, with a real Redis that gets killed', () => {
  const server = createTestHarness();
  let bridge: RedisRestBridge;
  beforeAll(async () => {
    bridge = await startRedisRestBridge();
    await server.update({
      workers: [
        { config: workerConfig('limited', 'RateLimit', bridge) },
        { config: workerConfig('broken', 'BrokenRateLimit', bridge) },
      ],
    });
    await server.listen();
  });
  afterAll(async () => {
    await server.close();
    await bridge.stop();
  });

  /** How many of `count` requests at once got which status. */
  async function takeAtOnce(worker: 'limited' | 'broken', identifier: string, count: number) {
    const body = JSON.stringify({ identifier, limit: LIMIT, windowMs: MINUTE });
    const request = async () => {
      const response = await server.getWorker(worker).fetch('/', { method: 'POST', body });
      await response.arrayBuffer();
      return response.status;
    };
    const statuses = await Promise.all(Array.from({ length: count }, request));
    const counts: Record<number, number> = {};
    for (const status of statuses) counts[status] = (counts[status] ?? 0) + 1;
    return counts;
  }

  const logged = (event: string) => server.getLogs().filter(({ message }) => message.includes(event));

  it('lets exactly 240 of 300 requests at once pass, counted in Redis', async () => {
    await clearOfWindowBoundary(MINUTE);
    const before = bridge.commandCount;
    expect(await takeAtOnce('limited', 'burst', 300)).toEqual({ 200: 240, 429: 60 });
    expect(bridge.commandCount - before).toBeGreaterThanOrEqual(300);
    // The Durable Object had no part in it: a Worker without one is told the same by the same Redis.
    expect(await takeAtOnce('broken', 'burst', 10)).toEqual({ 429: 10 });
    expect(await takeAtOnce('broken', 'other', 1)).toEqual({ 200: 1 });
  });

  it('goes on limiting when Redis is killed, without one failed request', async () => {
    await bridge.killRedis();
    expect(await takeAtOnce('limited', 'burst', 300)).toEqual({ 200: 240, 429: 60 });
    expect(await takeAtOnce('limited', 'burst', 300)).toEqual({ 429: 300 });
    // One circuit breaker for the isolate, not one for each request.
    expect(logged('rate_limit_redis_down')).toHaveLength(1);
    expect(logged(bridge.token)).toEqual([]);
  });

  it('refuses everything when the Durable Object is gone, too', async () => {
    expect(await takeAtOnce('broken', 'nobody counts', 20)).toEqual({ 503: 20 });
  });
});
