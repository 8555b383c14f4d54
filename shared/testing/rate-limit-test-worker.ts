import { DurableObject } from 'cloudflare:workers';
import type { RateLimitRequest } from '#shared/rpc/rate-limiter.ts';
import { createRateLimiter, type RateLimiterEnv } from '../../workers/api/rate-limit/create-rate-limiter.ts';
import { RateLimiterUnavailable } from '../../workers/api/rate-limit/failover-limiter.ts';

export { RateLimit } from '../../workers/api/rate-limit/rate-limit.ts';

/** Stands in for a Durable Object that cannot be had. */
export class BrokenRateLimit extends DurableObject {
  take(): never {
    throw new Error('broken on purpose');
  }
}

/**
 * The rate limiter over HTTP, put together as the gateway does it. Redis gets a minute to answer: the test that uses this
 * counts hundreds of requests at once on a machine that may be slow, and is not one of speed.
 */
export default {
  async fetch(request, env) {
    try {
      const limiter = createRateLimiter(env, { redisTimeoutMs: 60_000 });
      const decision = await limiter.take(await request.json<RateLimitRequest>());
      return Response.json(decision, { status: decision.allowed ? 200 : 429 });
    } catch (error) {
      return new Response(String(error), { status: error instanceof RateLimiterUnavailable ? 503 : 500 });
    }
  },
} satisfies ExportedHandler<RateLimiterEnv>;
