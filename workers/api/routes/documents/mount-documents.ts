import type { Hono, MiddlewareHandler } from 'hono';
import { basicAuth } from 'hono/basic-auth';
import { cors } from 'hono/cors';
import type { ErrorCode } from '#shared/contract/errors.ts';
import type { GatewayContext, GatewayHono } from '../../http-context.ts';
import { methodNotAllowed } from '../../operation/mount-operations.ts';
import { createOpenApiDocument, type OpenApiDocument } from '../../operation/openapi-document.ts';
import type { Operation } from '../../operation/operation.ts';
import { toPostmanCollection } from '../../postman/to-postman-collection.ts';
import { DOCUMENTS } from './documents.ts';

/** The reference and what it is made of. The OpenAPI document is made once per isolate, on the first request for it. */
export function mountDocuments(app: Hono<GatewayHono>, operations: readonly Operation[]): void {
  let made: OpenApiDocument | undefined;
  const openApi = () => {
    made ??= createOpenApiDocument(operations);
    return made;
  };
  const paths = [...DOCUMENTS.map(({ path }) => path), '/docs/', '/assets/*'];
  for (const path of paths) {
    app.use(path, onlyReads(path));
    app.use(path, docsPassword());
  }
  // Public by nature, and tools in browsers fetch them from elsewhere.
  app.use('/openapi.json', cors());
  app.use('/postman.json', cors());
  app.get('/openapi.json', (c) => c.json(openApi()));
  app.get('/postman.json', (c) => {
    c.header('Content-Disposition', 'attachment; filename="edge-liveness.postman_collection.json"');
    return c.json(toPostmanCollection(openApi(), { baseUrl: new URL(c.req.url).origin }));
  });
  for (const path of ['/docs', '/docs/', '/assets/*']) app.get(path, forwardToPages);
}

export async function forwardToPages(c: GatewayContext): Promise<Response> {
  const page = await c.env.PAGES.fetch(c.req.raw);
  c.set('isPage', true);
  if (page.status === 404) c.header('X-Error-Code', 'not_found' satisfies ErrorCode);
  // Not `page` itself: this adds the request id and the like.
  return c.newResponse(page.body, page);
}

export function onlyReads(route: string): MiddlewareHandler<GatewayHono> {
  return async function refuseWrites(c, next) {
    c.set('route', route);
    if (!['GET', 'HEAD', 'OPTIONS'].includes(c.req.method)) throw methodNotAllowed(['GET', 'HEAD']);
    await next();
  };
}

function docsPassword(): MiddlewareHandler<GatewayHono> {
  return async function askForPassword(c, next) {
    const credentials = c.var.services.settings.docsCredentials;
    return credentials === null ? next() : basicAuth({ ...credentials, realm: 'documentation' })(c, next);
  };
}
