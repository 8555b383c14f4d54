import { Redis } from '@upstash/redis/cloudflare';
import { type GatewayEnv, settingsOf } from '../env.ts';
import type { Probes } from '../services.ts';

const REDIS_PROBE_TIMEOUT_MS = 1_000;
const HEALTH_OBJECT = 'health';

export function createProbes(env: GatewayEnv): Probes {
  const { redis } = settingsOf(env);
  return {
    rateLimitObject: async () => env.RATE_LIMIT.getByName(HEALTH_OBJECT).ping(),
    redis: redis && (() => pingRedis(redis)),
  };
}

async function pingRedis({ url, token }: { url: string; token: string }): Promise<unknown> {
  const signal = () => AbortSignal.timeout(REDIS_PROBE_TIMEOUT_MS);
  return new Redis({ url, token, retry: { retries: 0 }, enableTelemetry: false, signal }).ping();
}
