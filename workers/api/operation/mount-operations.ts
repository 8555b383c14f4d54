import type { Hono } from 'hono';
import { ApiFailure } from '#shared/contract/errors.ts';
import type { GatewayHono } from '../http-context.ts';
import type { Operation } from './operation.ts';
import { performOperation } from './perform-operation.ts';

/** Mounts every operation, and on every path an answer for the methods that it does not have. */
export function mountOperations(app: Hono<GatewayHono>, operations: readonly Operation[]): void {
  for (const operation of operations) {
    app.on(operation.method, honoPath(operation.path), (c) => performOperation(c, operation));
  }
  for (const [path, methods] of methodsByPath(operations)) {
    app.all(honoPath(path), (c) => {
      c.set('route', path);
      throw methodNotAllowed(methods);
    });
  }
}

export function methodNotAllowed(allow: string[]): ApiFailure {
  return new ApiFailure({
    code: 'method_not_allowed',
    message: `Method not allowed. Allowed: ${allow.join(', ')}`,
    allow,
  });
}

function methodsByPath(operations: readonly Operation[]): Map<string, string[]> {
  const methods = new Map<string, string[]>();
  for (const { path, method } of operations) {
    const answered = method === 'GET' ? ['GET', 'HEAD'] : [method];
    methods.set(path, [...(methods.get(path) ?? []), ...answered]);
  }
  return methods;
}

/** `{key_id}` in OpenAPI is `:key_id` in Hono. */
function honoPath(path: string): string {
  return path.replaceAll(/\{(\w+)\}/g, ':$1');
}
