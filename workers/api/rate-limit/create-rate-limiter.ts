import type { RateLimiter } from '#shared/rpc/rate-limiter.ts';
import { durableObjectLimiter } from './durable-object-limiter.ts';
import { failoverLimiter } from './failover-limiter.ts';
import type { RateLimit } from './rate-limit.ts';
import { upstashLimiter } from './upstash-limiter.ts';

/**
 * Wide enough that a burst which keeps the isolate busy is not taken for an outage: a switch in the middle of a burst would
 * let some of it be counted twice over. What a real outage costs is one such wait, after which the breaker is open.
 */
const REDIS_TIMEOUT_MS = 2_500;

export interface RateLimiterEnv {
  RATE_LIMIT: DurableObjectNamespace<RateLimit>;
  UPSTASH_REDIS_REST_URL?: string;
  UPSTASH_REDIS_REST_TOKEN?: string;
}

/** Keyed by `env`, which is one object per isolate: the circuit breaker must outlive the request that opened it. */
const limiters = new WeakMap<RateLimiterEnv, RateLimiter>();

/** Redis in front of Durable Objects where it is configured, Durable Objects alone where it is not. */
export function createRateLimiter(env: RateLimiterEnv, { redisTimeoutMs = REDIS_TIMEOUT_MS } = {}): RateLimiter {
  const known = limiters.get(env);
  if (known !== undefined) return known;
  const limiter = failoverLimiter({
    redis: redisOf(env, redisTimeoutMs),
    durableObject: durableObjectLimiter(env.RATE_LIMIT),
    now: Date.now,
  });
  limiters.set(env, limiter);
  return limiter;
}

/** The gateway refuses a URL without a token when it reads its environment; here half of the pair counts as none. */
function redisOf(env: RateLimiterEnv, timeoutMs: number): RateLimiter | undefined {
  const { UPSTASH_REDIS_REST_URL: url, UPSTASH_REDIS_REST_TOKEN: token } = env;
  return url?.trim() && token?.trim() ? upstashLimiter({ url, token, timeoutMs }) : undefined;
}
