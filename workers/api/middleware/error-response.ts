import { DrizzleQueryError } from 'drizzle-orm';
import { HTTPException } from 'hono/http-exception';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import { ENVELOPE } from '#shared/contract/envelope.ts';
import { type ApiError, ApiFailure, ERROR_STATUS } from '#shared/contract/errors.ts';
import { isDatabaseOutage } from '#shared/db/database.ts';
import type { GatewayContext } from '../http-context.ts';
import { RateLimiterUnavailable } from '../rate-limit/failover-limiter.ts';

const RETRY_OUTAGE_AFTER_SECONDS = 5;

/** The one way from an error to a response. */
export function answerError(error: unknown, c: GatewayContext): Response {
  const passwordPrompt = error instanceof HTTPException && error.res?.headers.get('www-authenticate');
  if (passwordPrompt) return errorResponse(c, { code: 'invalid_key', message: 'Not authenticated' }, passwordPrompt);
  const apiError = toApiError(error);
  if (ERROR_STATUS[apiError.code] >= 500) logFault(error, c);
  return errorResponse(c, apiError);
}

export function errorResponse(c: GatewayContext, error: ApiError, passwordPrompt?: string): Response {
  const { failure, statusOf, challenge } = c.get('shape') ?? ENVELOPE;
  const status = statusOf(error.code);
  c.set('errorCode', error.code);
  c.header('X-Error-Code', error.code);
  c.header('Cache-Control', 'no-store');
  if (status === 401) c.header('WWW-Authenticate', passwordPrompt ?? challenge);
  if (error.code === 'method_not_allowed') c.header('Allow', error.allow.join(', '));
  if ('retryAfterSeconds' in error && error.retryAfterSeconds) c.header('Retry-After', `${error.retryAfterSeconds}`);
  return c.json(failure(error), status as ContentfulStatusCode);
}

function toApiError(error: unknown): ApiError {
  if (error instanceof ApiFailure) return error.error;
  if (error instanceof RateLimiterUnavailable || isDatabaseOutage(error)) {
    const message = 'The service is unavailable for the moment. Please try again.';
    return { code: 'service_unavailable', message, retryAfterSeconds: RETRY_OUTAGE_AFTER_SECONDS };
  }
  return { code: 'internal_error', message: 'Internal error' };
}

/** The detail stays here: a client gets none of it. */
function logFault(error: unknown, c: GatewayContext): void {
  const line = { level: 'error', event: 'fault', request_id: c.get('requestId') };
  console.error(JSON.stringify(error instanceof Error ? { ...line, ...describeFault(error) } : line));
}

/** drizzle puts the values of a failed query into its message; they may be a customer's, so only the statement is kept. */
function describeFault(error: Error) {
  const frames = (error.stack ?? '').split('\n').filter((text) => /^\s+at /.test(text));
  return {
    name: error.name,
    message: error instanceof DrizzleQueryError ? `Failed query: ${error.query}` : error.message,
    cause: error.cause instanceof Error ? error.cause.message : undefined,
    stack: frames.map((frame) => frame.trim()),
  };
}
