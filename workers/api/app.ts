import { Hono, type MiddlewareHandler } from 'hono';
import { cors } from 'hono/cors';
import { requestId } from 'hono/request-id';
import { secureHeaders } from 'hono/secure-headers';
import type { AnswerShape } from '#shared/contract/answer-shape.ts';
import { FACE_SEARCH_PATH, FACE_SEARCH_SHAPE } from '#shared/contract/face-search-shape.ts';
import type { GatewayHono } from './http-context.ts';
import { accessLog } from './middleware/access-log.ts';
import { crossOrigin } from './middleware/cross-origin.ts';
import { answerError, errorResponse } from './middleware/error-response.ts';
import { provideServices } from './middleware/provide-services.ts';
import { mountOperations } from './operation/mount-operations.ts';
import type { Operation } from './operation/operation.ts';
import { OPERATIONS } from './operations.ts';
import { mountDocuments } from './routes/documents/mount-documents.ts';
import { mountKeySet } from './routes/documents/mount-key-set.ts';
import { mountVerify } from './routes/documents/mount-verify.ts';
import { mountMcp } from './routes/mcp/mount-mcp.ts';

/** The gateway. `operations` is a parameter so that a benchmark or a test can mount others behind the same checks. */
export function createApp(operations: readonly Operation[] = OPERATIONS): Hono<GatewayHono> {
  const app = new Hono<GatewayHono>();
  app.use(requestId());
  app.use(accessLog());
  app.use(apiHeaders());
  app.use(`${FACE_SEARCH_PATH}/*`, answerIn(FACE_SEARCH_SHAPE));
  app.use(provideServices());
  app.use('/health', cors());
  app.use('/api/*', crossOrigin());
  app.use(`${FACE_SEARCH_PATH}/*`, crossOrigin());
  mountVerify(app);
  mountDocuments(app, operations);
  mountKeySet(app);
  mountMcp(app);
  mountOperations(app, operations);
  app.notFound((c) => errorResponse(c, { code: 'not_found', message: 'No such route' }));
  app.onError(answerError);
  return app;
}

/** Before anything can fail, so that every error below the path has its shape. */
function answerIn(shape: AnswerShape): MiddlewareHandler<GatewayHono> {
  return async function setShape(c, next) {
    c.set('shape', shape);
    await next();
  };
}

/** For answers that are data: nothing in them may run, be framed or be cached. */
function apiHeaders(): MiddlewareHandler<GatewayHono> {
  const setHeaders = secureHeaders({
    contentSecurityPolicy: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] },
    crossOriginResourcePolicy: 'cross-origin',
    referrerPolicy: 'no-referrer',
    strictTransportSecurity: 'max-age=31536000; includeSubDomains',
    xFrameOptions: 'DENY',
  });
  return async function secure(c, next) {
    await next();
    // Afterwards, since only then it is known whether a page has answered, which brings headers of its own.
    if (!c.get('isPage')) await setHeaders(c, async () => undefined);
  };
}
