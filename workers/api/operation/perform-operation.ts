import { success } from '#shared/contract/envelope.ts';
import { ApiFailure, insufficientScope } from '#shared/contract/errors.ts';
import type { Scope } from '#shared/contract/scopes.ts';
import { grantsScope } from '#shared/contract/scopes.ts';
import { parseOrFail } from '#shared/contract/validation.ts';
import type { Creation } from '#shared/db/idempotency.ts';
import type { GatewayContext } from '../http-context.ts';
import { announceRateLimit } from '../middleware/rate-limit-headers.ts';
import type { Services } from '../services.ts';
import { answerOnce } from '../use-cases/answer-once.ts';
import { type Caller, type Credentials, findKeyCaller, findKeyOrAppCaller } from '../use-cases/find-caller.ts';
import { requireTenant } from '../use-cases/require-tenant.ts';
import { takeRequestQuota } from '../use-cases/take-request-quota.ts';
import type { Access, Operation } from './operation.ts';
import { readJsonBody } from './read-json-body.ts';

const MAX_JSON_BODY_BYTES = 64 * 1024;

/**
 * One request, top to bottom, in the order of checks that the contract promises. Every operation runs through here, so
 * none can be reached without its checks, and none can do them in another order.
 */
export async function performOperation(c: GatewayContext, operation: Operation): Promise<Response> {
  const services = c.var.services;
  c.set('route', operation.path);
  c.set('operationId', operation.id);
  c.header('Cache-Control', 'no-store');

  const caller = await authenticate(services, operation.access, credentialsOf(c)); // 401
  c.set('caller', caller);
  if (caller !== null) {
    refuseSuspended(caller); // 402
    refuseWithoutScope(caller, operation.scope); // 403
    const quota = await takeRequestQuota(services, caller, operation.id);
    announceRateLimit(c, quota);
    if (!quota.allowed) throw rateLimitExceeded(quota.retryAfterSeconds); // 429
    if (operation.tenantScoped) await requireTenant(services, caller, c.req.param('tenant_slug') ?? ''); // 403, 404
  }

  const request = await readRequest(c, operation); // 400, 413, 415
  const carryOut = (creation: Creation) => operation.handle({ ...request, caller, services, creation });
  const data = await carryOutOnce(c, operation, caller, request, carryOut);
  return c.json(success(data), operation.success.status);
}

function credentialsOf(c: GatewayContext): Credentials {
  const [, bearerToken = null] = /^Bearer +(\S+)$/i.exec(c.req.header('authorization') ?? '') ?? [];
  return { apiKey: c.req.header('x-api-key') ?? null, bearerToken };
}

async function authenticate(services: Services, access: Access, credentials: Credentials): Promise<Caller | null> {
  switch (access) {
    case 'public':
      return null;
    case 'key':
      return findKeyCaller(services, credentials.apiKey);
    case 'key_or_app':
      return findKeyOrAppCaller(services, credentials);
  }
}

function refuseSuspended(caller: Caller): void {
  if (caller.kind === 'app' || caller.organisation.suspendedAtMs === null) return;
  const message = 'Your account is suspended due to a payment issue. Please update your payment method.';
  throw new ApiFailure({ code: 'account_suspended', message });
}

function refuseWithoutScope(caller: Caller, scope: Scope | undefined): void {
  if (scope === undefined || (caller.kind === 'key' && grantsScope(caller.key.scopes, scope))) return;
  throw insufficientScope(scope);
}

function rateLimitExceeded(retryAfterSeconds: number): ApiFailure {
  const message = 'Rate limit exceeded. Please try again later.';
  return new ApiFailure({ code: 'rate_limit_exceeded', message, retryAfterSeconds });
}

async function readRequest(c: GatewayContext, operation: Operation) {
  const params = operation.params && parseOrFail(operation.params, c.req.param(), 'path');
  const query = operation.query && parseOrFail(operation.query, c.req.query(), 'query');
  const body =
    operation.body &&
    parseOrFail(operation.body, await readJsonBody(c.req.raw, operation.maxBodyBytes ?? MAX_JSON_BODY_BYTES), 'body');
  return { params, query, body };
}

async function carryOutOnce(
  c: GatewayContext,
  operation: Operation,
  caller: Caller | null,
  request: unknown,
  carryOut: (creation: Creation) => Promise<unknown>,
): Promise<unknown> {
  const idempotencyKey = operation.creates ? c.req.header('idempotency-key') : undefined;
  if (idempotencyKey === undefined || caller?.kind !== 'key') {
    return carryOut({ id: c.var.services.newId(), claimedUntilMs: null });
  }
  const once = { caller, operation: operation.id, idempotencyKey, request, carryOut };
  const { outcome, replayed } = await answerOnce(c.var.services, once);
  if (replayed) c.header('Idempotency-Replayed', 'true');
  if ('error' in outcome) throw new ApiFailure(outcome.error);
  return outcome.data;
}
