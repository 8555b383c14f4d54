/** What a limiter is asked: may one more request of `identifier` pass, when `limit` pass in any `windowMs`? */
export interface RateLimitRequest {
  identifier: string;
  limit: number;
  windowMs: number;
}

export interface RateLimitDecision {
  allowed: boolean;
  limit: number;
  remaining: number;
  /** Whole seconds until the next request can pass; 0 while requests remain. */
  retryAfterSeconds: number;
  /** Whole seconds until the whole quota is free again. */
  resetSeconds: number;
}

export interface RateLimiter {
  take(request: RateLimitRequest): Promise<RateLimitDecision>;
}
