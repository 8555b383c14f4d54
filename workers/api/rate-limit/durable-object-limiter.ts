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
      try {
        return await namespace.getByName(name).take({ limit, windowMs });
      } catch (error) {
        if (!isWorthAnotherTry(error)) throw error;
        // Once more on a fresh stub: an object that moved or was replaced by a deploy fails its calls. Should the first
        // call have counted after all, the request counts twice: stricter, never looser.
        return await namespace.getByName(name).take({ limit, windowMs });
      }
    },
  };
}

/** The runtime marks the errors that may pass. An overloaded object is not asked again: that would add to its load. */
function isWorthAnotherTry(error: unknown): boolean {
  const { retryable, overloaded } = error as { retryable?: boolean; overloaded?: boolean };
  return retryable === true && overloaded !== true;
}
