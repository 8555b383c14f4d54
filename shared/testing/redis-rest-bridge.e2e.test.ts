import { Redis } from '@upstash/redis/cloudflare';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RedisRestBridge, redisServerAvailable, startRedisRestBridge } from './redis-rest-bridge.ts';

/** The bridge is judged by the client whose server it stands in for. */
describe.skipIf(!redisServerAvailable())('the Upstash REST bridge over a real redis-server', () => {
  let bridge: RedisRestBridge;
  let redis: Redis;
  beforeAll(async () => {
    bridge = await startRedisRestBridge();
    redis = new Redis({ url: bridge.url, token: bridge.token, enableAutoPipelining: false, retry: { retries: 0 } });
  });
  afterAll(() => bridge.stop());

  it('answers commands, in base64 and plain', async () => {
    expect(await redis.set('name', 'Zoë ✓')).toBe('OK');
    expect(await redis.get('name')).toBe('Zoë ✓');
    expect(await redis.get('nothing')).toBeNull();
    expect(await redis.incrby('count', 5)).toBe(5);
    expect(await redis.eval('return {1, "two", {"three"}}', [], [])).toEqual([1, 'two', ['three']]);
    const plain = new Redis({ url: bridge.url, token: bridge.token, responseEncoding: false });
    expect(await plain.get('name')).toBe('Zoë ✓');
  });

  it('answers pipelines command by command and transactions as a whole', async () => {
    expect(await redis.pipeline().set('a', 1).get('a').exec()).toEqual(['OK', 1]);
    const mixed = redis.pipeline().set('text', 'x').incr('text').get('text');
    expect(await mixed.exec({ keepErrors: true })).toMatchObject([
      { result: 'OK' },
      { error: 'ERR value is not an integer or out of range' },
      { result: 'x' },
    ]);
    expect(await redis.multi().incr('b').incr('b').exec()).toEqual([1, 2]);
  });

  it('passes on what Redis refuses, and refuses a wrong token itself', async () => {
    await expect(redis.evalsha('0'.repeat(40), [], [])).rejects.toThrow('NOSCRIPT');
    const stranger = new Redis({ url: bridge.url, token: 'wrong', retry: { retries: 0 } });
    const before = bridge.commandCount;
    await expect(stranger.get('name')).rejects.toThrow('Unauthorized');
    expect(bridge.commandCount).toBe(before);
  });

  it('fails while Redis is dead, and starts empty after it', async () => {
    await redis.set('kept', 'no');
    await bridge.killRedis();
    await expect(redis.get('kept')).rejects.toThrow('redis-server is down');
    await bridge.restartRedis();
    expect(await redis.get('kept')).toBeNull();
  });

  it('does not answer while it is stalled', async () => {
    bridge.stallFor(60_000);
    const hasty = new Redis({ url: bridge.url, token: bridge.token, signal: () => AbortSignal.timeout(50) });
    await expect(hasty.get('name')).rejects.toMatchObject({ name: 'TimeoutError' });
    bridge.stallFor(0);
    expect(await redis.get('nothing')).toBeNull();
  });
});
