import type { MiddlewareHandler } from 'hono';
import type { GatewayHono } from '../http-context.ts';
import { createServices } from '../services.ts';

/** An environment that is not valid throws here: every request then answers 500 and logs what is wrong with which variable. */
export function provideServices(): MiddlewareHandler<GatewayHono> {
  return async function provide(c, next) {
    c.set('services', createServices(c.env, later));
    await next();

    function later(work: Promise<unknown>): void {
      c.executionCtx.waitUntil(work.catch((error: unknown) => logLateFailure(error, c.get('requestId'))));
    }
  };
}

function logLateFailure(error: unknown, requestId: string): void {
  const name = error instanceof Error ? error.name : 'unknown';
  console.error(JSON.stringify({ level: 'error', event: 'late_failure', request_id: requestId, name }));
}
