import type { RateLimitDecision } from '#shared/rpc/rate-limiter.ts';
import type { Services } from '../services.ts';
import type { Caller } from './find-caller.ts';

export const RATE_LIMIT_WINDOW_MS = 60_000;
export const DEFAULT_REQUESTS_PER_MINUTE = 240;

/** The most specific number wins: the key's, the organisation's for this operation, the organisation's, the default. */
export function requestsPerMinute(caller: Caller, operationId: string): number {
  if (caller.kind === 'app') return DEFAULT_REQUESTS_PER_MINUTE;
  const { key, organisation } = caller;
  return (
    key.requestsPerMinute ??
    organisation.requestsPerMinuteByOperation[operationId] ??
    organisation.requestsPerMinute ??
    DEFAULT_REQUESTS_PER_MINUTE
  );
}

/** Each key has a quota of its own on each route. */
export async function takeRequestQuota(
  services: Services,
  caller: Caller,
  operationId: string,
): Promise<RateLimitDecision> {
  return services.rateLimiter.take({
    identifier: `${whoseQuota(caller)}:${operationId}`,
    limit: requestsPerMinute(caller, operationId),
    windowMs: RATE_LIMIT_WINDOW_MS,
  });
}

/** A link is used by a stranger, who must not be able to use up what its organisation has. */
function whoseQuota(caller: Caller): string {
  if (caller.kind === 'app') return 'app';
  return caller.session === null ? caller.key.id : `session ${caller.session.id}`;
}
