import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { clearOfWindowBoundary } from '#shared/testing/clear-of-window-boundary.ts';
import { type RedisRestBridge, redisServerAvailable, startRedisRestBridge } from '#shared/testing/redis-rest-bridge.ts';
import { type SeededWorker, startSeededWorker } from '#shared/testing/start-seeded-worker.ts';

const DEFAULT_LIMIT = 240;
const REQUESTS = 300;

/** How many of so many requests at once, with a key whose limit is the default, got which status. */
async function burst(server: SeededWorker, path: string): Promise<Record<number, number>> {
  const headers = { 'x-api-key': 'sk-local-globex' };
  const request = async () => {
    const response = await fetch(new URL(path, server.url), { headers });
    await response.arrayBuffer();
    return response.status;
  };
  const counts: Record<number, number> = {};
  for (const status of await Promise.all(Array.from({ length: REQUESTS }, request)))
    counts[status] = (counts[status] ?? 0) + 1;
  return counts;
}

const exactly = { 200: DEFAULT_LIMIT, 429: REQUESTS - DEFAULT_LIMIT };

describe('300 requests at once to the gateway, on a limit of 240', () => {
  let server: SeededWorker;
  beforeAll(async () => {
    server = await startSeededWorker({ main: 'shared/testing/gateway-alone.ts' });
  });
  afterAll(() => server.close());

  it('let exactly 240 through, counted by a Durable Object', async () => {
    expect(await burst(server, '/api/v1/models')).toEqual(exactly);
  });
});

describe.skipIf(!redisServerAvailable())('with UPSTASH_REDIS_REST_URL', () => {
  let server: SeededWorker;
  let bridge: RedisRestBridge;
  beforeAll(async () => {
    bridge = await startRedisRestBridge();
    const vars = { UPSTASH_REDIS_REST_URL: bridge.url, UPSTASH_REDIS_REST_TOKEN: bridge.token };
    server = await startSeededWorker({ main: 'shared/testing/gateway-alone.ts', vars });
  });
  afterAll(async () => {
    await server.close();
    await bridge.stop();
  });

  const redisHealth = async () => {
    const { data } = (await (await fetch(new URL('/health', server.url))).json()) as {
      data: { dependencies: { redis: string } };
    };
    return data.dependencies.redis;
  };

  it('300 at once let exactly 240 through, counted in Redis', async () => {
    expect(await redisHealth()).toBe('ok');
    // Another key first, so that neither the isolate nor the script in Redis starts cold.
    await fetch(new URL('/api/v1/models', server.url), { headers: { 'x-api-key': 'sk-local-acme' } });
    await clearOfWindowBoundary(60_000);
    const before = bridge.commandCount;
    expect(await burst(server, '/api/v1/models')).toEqual(exactly);
    expect(bridge.commandCount - before).toBeGreaterThanOrEqual(REQUESTS);
  });

  it('after Redis was killed, limits hold, nothing fails, and health says so', async () => {
    await bridge.killRedis();
    expect(await burst(server, '/api/v1/hosts')).toEqual(exactly);
    expect(await redisHealth()).toBe('error');
  });
});
