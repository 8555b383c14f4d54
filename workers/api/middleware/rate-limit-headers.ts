import type { RateLimitDecision } from '#shared/rpc/rate-limiter.ts';
import type { GatewayContext } from '../http-context.ts';
import { RATE_LIMIT_WINDOW_MS } from '../use-cases/take-request-quota.ts';

/** `RateLimit` and `RateLimit-Policy` as draft-ietf-httpapi-ratelimit-headers writes them. */
export function announceRateLimit(c: GatewayContext, quota: RateLimitDecision): void {
  c.header('RateLimit-Policy', `"per-key";q=${quota.limit};w=${RATE_LIMIT_WINDOW_MS / 1000}`);
  c.header(
    'RateLimit',
    `"per-key";r=${quota.remaining};t=${quota.allowed ? quota.resetSeconds : quota.retryAfterSeconds}`,
  );
}
