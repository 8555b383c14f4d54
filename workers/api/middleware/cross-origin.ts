import type { MiddlewareHandler } from 'hono';
import { cors } from 'hono/cors';
import type { GatewayContext, GatewayHono } from '../http-context.ts';
import { credentialsOf } from '../operation/credentials.ts';
import { mayReadAnswer, originIsAllowedBySomebody } from '../use-cases/allow-origin.ts';

const EXPOSED_HEADERS = [
  'Deprecation',
  'Idempotency-Replayed',
  'RateLimit',
  'RateLimit-Policy',
  'Retry-After',
  'Sunset',
  'X-Error-Code',
  'X-Moveris-Deprecated-Model',
  'X-Moveris-Model-Resolved',
  'X-Moveris-Suggested-Model',
  'X-Request-Id',
];

const ALLOWED_HEADERS = [
  'Authorization',
  'Content-Type',
  'Idempotency-Key',
  'X-API-Key',
  'X-Model-Version',
  'X-Request-Id',
  // The public SDK sends it with a live check. Nothing reads it.
  'X-Trace-Id',
];

const PREFLIGHT_LIFETIME_SECONDS = 600;

/** What some routes have beyond what all have. */
interface MoreHeaders {
  alsoSent?: string[];
  alsoRead?: string[];
}

/**
 * A preflight carries no key, so any organisation's host gets a yes; the answer itself is readable only for a host of the
 * key's own organisation. When hosts cannot be looked up, no header is set: the browser then keeps the answer to itself.
 */
export function crossOrigin({ alsoSent = [], alsoRead = [] }: MoreHeaders = {}): MiddlewareHandler<GatewayHono> {
  return cors({
    origin: async (origin, c: GatewayContext) => ((await isAllowed(origin, c)) ? origin : null),
    allowMethods: ['GET', 'POST', 'PATCH', 'DELETE'],
    allowHeaders: [...ALLOWED_HEADERS, ...alsoSent],
    exposeHeaders: [...EXPOSED_HEADERS, ...alsoRead],
    maxAge: PREFLIGHT_LIFETIME_SECONDS,
  });
}

async function isAllowed(origin: string, c: GatewayContext): Promise<boolean> {
  if (origin === '') return false;
  const services = c.var.services;
  try {
    if (c.req.method === 'OPTIONS') return await originIsAllowedBySomebody(services, origin);
    return await mayReadAnswer(services, origin, credentialsOf(c));
  } catch {
    return false;
  }
}
