import { AsyncLocalStorage } from 'node:async_hooks';
import { Ratelimit } from '@upstash/ratelimit';
import { Redis } from '@upstash/redis/cloudflare';
import type { RateLimiter } from '#shared/rpc/rate-limiter.ts';
import { onAnyRedis, type ScriptRunner } from './on-any-redis.ts';

const MAX_CACHED_RATELIMITS = 32;

export interface UpstashLimiterOptions {
  url: string;
  token: string;
  /** For the whole of one decision. After it `take` rejects with a `TimeoutError`. */
  timeoutMs: number;
}

/**
 * Counts in Redis with the sliding window of `@upstash/ratelimit`. One Lua script reads, compares and increments, so
 * requests at the same time cannot both take the last slot.
 *
 * Its window is an approximation: it knows the count of this fixed window and of the previous one, and takes the previous
 * one as spread evenly over its time. A burst at the end of one window therefore fades too early or too late: some
 * intervals of `windowMs` let a little more than `limit` through. It also takes the time from the caller, so edge machines
 * whose clocks differ see slightly different windows.
 *
 * Whatever goes wrong, `take` rejects; what happens then is for the failover limiter to say.
 */
export function upstashLimiter({ url, token, timeoutMs }: UpstashLimiterOptions): RateLimiter {
  // The library asks again (EVALSHA, then EVAL) when Redis does not know its script yet; all calls share one deadline.
  const deadline = new AsyncLocalStorage<AbortSignal>();
  const redis = new Redis({
    url,
    token,
    // As a function: given a plain signal, the client answers an aborted request with a made-up result instead of an error.
    signal: () => deadline.getStore() ?? AbortSignal.timeout(timeoutMs),
    // `retry: false` would still try twice. No retry: the fallback is nearer than a second try at a struggling Redis.
    retry: { retries: 0 },
    // Off (it is on by default): it would send the commands of several requests in one call, and a Worker may not wait in
    // one request for the I/O of another.
    enableAutoPipelining: false,
    readYourWrites: false,
    enableTelemetry: false,
  });
  const ratelimitFor = cachedRatelimits(onAnyRedis(redis));
  return {
    async take({ identifier, limit, windowMs }) {
      const ratelimit = ratelimitFor(limit, windowMs);
      const signal = AbortSignal.timeout(timeoutMs);
      const answer = await deadline.run(signal, () => ratelimit.limit(identifier));
      // A reason is given when the library decided without Redis (its timeout lets requests pass). All such ways are off.
      if (answer.reason !== undefined) throw new Error(`decided without Redis: ${answer.reason}`);
      return {
        allowed: answer.success,
        limit,
        remaining: answer.remaining,
        // `reset` is the end of the fixed window, when a slot is free at the latest; the library does not tell a nearer
        // moment. In the window after that one the old count fades out, at the end of it everything is free.
        retryAfterSeconds: answer.remaining > 0 ? 0 : secondsUntil(answer.reset),
        resetSeconds: secondsUntil(answer.reset + windowMs),
      };
    },
  };
}

/** One Ratelimit per limit and window. Few in practice, one per plan; bounded because limits are data. */
function cachedRatelimits(redis: ScriptRunner): (limit: number, windowMs: number) => Ratelimit {
  const cache = new Map<string, Ratelimit>();
  return (limit, windowMs) => {
    const key = `${limit}/${windowMs}`;
    const cached = cache.get(key);
    if (cached !== undefined) return cached;
    const oldest = cache.keys().next();
    if (cache.size >= MAX_CACHED_RATELIMITS && !oldest.done) cache.delete(oldest.value);
    const ratelimit = newRatelimit(redis, limit, windowMs);
    cache.set(key, ratelimit);
    return ratelimit;
  };
}

function newRatelimit(redis: ScriptRunner, limit: number, windowMs: number): Ratelimit {
  return new Ratelimit({
    redis,
    limiter: Ratelimit.slidingWindow(limit, `${windowMs} ms`),
    // The window is in the key and the limit is not: a changed limit keeps what was counted.
    prefix: `rate-limit:${windowMs}`,
    // Off: it answers `success: true` when it strikes. The deadline above rejects instead.
    timeout: 0,
    // Off: it would deny until the end of the fixed window whoever was denied once, although slots come back during it,
    // and it grows with every identifier. A denied request costs one call to Redis instead.
    ephemeralCache: false,
    analytics: false,
    enableTelemetry: false,
  });
}

/** One millisecond more: at the very end of its window the count still weighs in full. */
function secondsUntil(at: number): number {
  return Math.max(1, Math.ceil((at + 1 - Date.now()) / 1000));
}
