import type { MiddlewareHandler } from 'hono';
import type { GatewayHono } from '../http-context.ts';

/**
 * One line a request. It names its fields one by one, so that no key, token, picture or path parameter can slip in: the
 * route is the pattern, not the path. In production the clock stands still between I/O, so `ms` leaves out pure CPU time.
 */
export function accessLog(): MiddlewareHandler<GatewayHono> {
  return async function logRequest(c, next) {
    const startedAt = Date.now();
    await next();
    const caller = c.get('caller');
    const line = {
      level: 'info',
      event: 'request',
      request_id: c.get('requestId'),
      method: c.req.method,
      route: c.get('route') ?? null,
      operation: c.get('operationId') ?? null,
      organisation: caller?.kind === 'key' ? caller.organisation.slug : null,
      status: c.res.status,
      error: c.get('errorCode') ?? undefined,
      ms: Date.now() - startedAt,
    };
    console.log(JSON.stringify(line));
  };
}
