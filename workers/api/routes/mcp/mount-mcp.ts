import type { Hono } from 'hono';
import type { AnswerShape } from '#shared/contract/answer-shape.ts';
import { ENVELOPE } from '#shared/contract/envelope.ts';
import { ApiFailure, insufficientScope } from '#shared/contract/errors.ts';
import { grantsScope } from '#shared/contract/scopes.ts';
import { rpcErrorBody } from '#shared/rpc/mcp.ts';
import type { GatewayContext, GatewayHono } from '../../http-context.ts';
import { crossOrigin } from '../../middleware/cross-origin.ts';
import { announceRateLimit } from '../../middleware/rate-limit-headers.ts';
import { clientOf } from '../../operation/client-of.ts';
import { credentialsOf } from '../../operation/credentials.ts';
import { methodNotAllowed } from '../../operation/mount-operations.ts';
import { findBearerCaller } from '../../tokens/find-bearer-caller.ts';
import { mayReadAnswer } from '../../use-cases/allow-origin.ts';
import { takeRequestQuota } from '../../use-cases/take-request-quota.ts';

export const MCP_PATH = '/mcp';
const OPERATION_ID = 'mcp';
const METHODS = ['GET', 'POST', 'DELETE'];

/** Errors as the protocol writes them: its clients read no other. */
const SHAPE: AnswerShape = { ...ENVELOPE, failure: rpcErrorBody, challenge: 'Bearer' };
const HEADERS = {
  alsoSent: ['Mcp-Session-Id', 'Mcp-Protocol-Version', 'Last-Event-ID'],
  alsoRead: ['Mcp-Session-Id', 'WWW-Authenticate'],
};

/** The MCP server: the protocol is the SDK's, who may speak to it is decided here, in the order of every other route. */
export function mountMcp(app: Hono<GatewayHono>): void {
  app.use(MCP_PATH, async (c, next) => {
    c.set('shape', SHAPE);
    await next();
  });
  app.use(MCP_PATH, crossOrigin(HEADERS));
  app.all(MCP_PATH, async (c) => {
    c.set('route', MCP_PATH);
    c.set('operationId', OPERATION_ID);
    if (!METHODS.includes(c.req.method)) throw methodNotAllowed(METHODS);
    await refuseForeignOrigin(c);
    const services = c.var.services;
    const caller = await findBearerCaller(services, credentialsOf(c));
    c.set('caller', caller);
    if (caller.organisation.suspendedAtMs !== null) {
      throw new ApiFailure({ code: 'account_suspended', message: 'Your account is suspended.' });
    }
    for (const scope of ['session:write', 'session:read'] as const) {
      if (!grantsScope(caller.key.scopes, scope)) throw insufficientScope(scope);
    }
    const quota = await takeRequestQuota(services, caller, OPERATION_ID);
    announceRateLimit(c, quota);
    if (!quota.allowed) {
      const { retryAfterSeconds } = quota;
      throw new ApiFailure({ code: 'rate_limit_exceeded', message: 'Rate limit exceeded.', retryAfterSeconds });
    }
    const origin = services.settings.publicOrigin ?? new URL(c.req.url).origin;
    const asking = { organisationId: caller.organisation.id, apiKeyId: caller.key.id, origin, client: clientOf(c) };
    const response = await c.env.MCP.handle(c.req.raw, asking);
    return c.newResponse(response.body, response);
  });
}

/** A page that has got hold of a name which leads here (DNS rebinding) must not speak for its visitor. */
async function refuseForeignOrigin(c: GatewayContext): Promise<void> {
  const origin = c.req.header('origin');
  if (origin === undefined || origin === new URL(c.req.url).origin) return;
  if (await mayReadAnswer(c.var.services, origin, credentialsOf(c))) return;
  throw new ApiFailure({ code: 'origin_not_allowed', message: 'The origin is no allowed host of the organisation' });
}
