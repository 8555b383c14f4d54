import { askObject } from '#shared/lib/ask-object.ts';
import type { RateLimiter } from '#shared/rpc/rate-limiter.ts';
import type { RateLimit } from './rate-limit.ts';

/**
 * Counts in one Durable Object per identifier: exact, and the same wherever on earth the requests come in. The length of
 * the window is part of the object's name, so that a second rule for the same identifier has a counter of its own.
 */
export function durableObjectLimiter(namespace: DurableObjectNamespace<RateLimit>): RateLimiter {
  return {
    async take({ identifier, limit, windowMs }) {
      const name = `${windowMs}:${identifier}`;
      // Should a call that failed have counted after all, the request counts twice: stricter, never looser.
      return await askObject(
        () => namespace.getByName(name),
        async (counter) => await counter.take({ limit, windowMs }),
      );
    },
  };
}
