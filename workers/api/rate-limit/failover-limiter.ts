import type { RateLimitDecision, RateLimiter, RateLimitRequest } from '#shared/rpc/rate-limiter.ts';
import { CircuitBreaker } from './circuit-breaker.ts';

const REDIS_PAUSE_MS = 10_000;

/** Nobody could count. The gateway answers 503: without a count nothing passes. */
export class RateLimiterUnavailable extends Error {
  override readonly name = 'RateLimiterUnavailable';
}

export interface FailoverLimiterOptions {
  /** Rejects when it fails or is too slow. Left out, the Durable Objects count alone. */
  redis?: RateLimiter | undefined;
  durableObject: RateLimiter;
  now: () => number;
}

/**
 * The one place that says which way an outage falls.
 *
 * - Redis fails or is slow: the Durable Object counts instead. Limits stay enforced, but the two do not know of each
 *   other's counts, so in the minute around a switch an identifier may get the limit from each: at most twice.
 *   A Redis that lost its memory starts its windows anew, too.
 * - The Durable Object fails as well: `RateLimiterUnavailable`. Fails closed.
 *
 * After a failure this isolate leaves Redis alone for ten seconds, then lets one request probe it. So an outage costs the
 * timeout to those under way when it begins and to one request in ten seconds, not to each.
 */
export function failoverLimiter({ redis, durableObject, now }: FailoverLimiterOptions): RateLimiter {
  const guarded = redis && guardedByBreaker(redis, new CircuitBreaker(REDIS_PAUSE_MS), now);
  return {
    async take(request) {
      return (await guarded?.(request)) ?? (await takeFromDurableObject(durableObject, request));
    },
  };
}

/** The decision of Redis, or `undefined` when it gave none or was left alone. */
function guardedByBreaker(redis: RateLimiter, breaker: CircuitBreaker, now: () => number) {
  return async (request: RateLimitRequest): Promise<RateLimitDecision | undefined> => {
    const attempt = breaker.enter(now());
    if (attempt === undefined) return undefined;
    try {
      const decision = await redis.take(request);
      if (breaker.succeeded(attempt)) console.info(JSON.stringify({ event: 'rate_limit_redis_restored' }));
      return decision;
    } catch (error) {
      // The name only: the client puts the whole command, with the identifier in it, into its messages.
      const reason = error instanceof Error ? error.name : typeof error;
      if (breaker.failed(attempt, now())) {
        console.warn(JSON.stringify({ event: 'rate_limit_redis_down', reason, counting: 'durable_object' }));
      }
      return undefined;
    }
  };
}

async function takeFromDurableObject(limiter: RateLimiter, request: RateLimitRequest): Promise<RateLimitDecision> {
  try {
    return await limiter.take(request);
  } catch (cause) {
    throw new RateLimiterUnavailable('no rate limiter could count this request', { cause });
  }
}
