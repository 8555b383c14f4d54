import type { z } from 'zod';
import { ENVELOPE } from '#shared/contract/envelope.ts';
import { ApiFailure, insufficientScope } from '#shared/contract/errors.ts';
import type { Scope } from '#shared/contract/scopes.ts';
import { grantsScope } from '#shared/contract/scopes.ts';
import { parseOrFail } from '#shared/contract/validation.ts';
import type { Creation } from '#shared/db/idempotency.ts';
import type { GatewayContext } from '../http-context.ts';
import { announceRateLimit } from '../middleware/rate-limit-headers.ts';
import type { Services } from '../services.ts';
import { findSessionCaller, looksLikeSessionToken, sessionTokenMismatch } from '../sessions/find-session-caller.ts';
import { findBearerCaller } from '../tokens/find-bearer-caller.ts';
import { answerOnce } from '../use-cases/answer-once.ts';
import { type Caller, type Credentials, findKeyCaller, findKeyOrAppCaller } from '../use-cases/find-caller.ts';
import { requireTenant } from '../use-cases/require-tenant.ts';
import { takeRequestQuota } from '../use-cases/take-request-quota.ts';
import { discardBody } from './body-chunks.ts';
import { clientOf } from './client-of.ts';
import { credentialsOf } from './credentials.ts';
import type { Operation } from './operation.ts';
import { readJsonBody } from './read-json-body.ts';
import { Streamed } from './streamed-body.ts';

const MAX_JSON_BODY_BYTES = 64 * 1024;

/**
 * One request, top to bottom, in the order of checks that the contract promises. Every operation runs through here, so
 * none can be reached without its checks, and none can do them in another order.
 */
export async function performOperation(c: GatewayContext, operation: Operation): Promise<Response> {
  try {
    return await performChecked(c, operation);
  } finally {
    // Large bodies are often not read to their end, and then the client is still sending.
    if (isStreamed(operation)) await discardBody(c.req.raw);
  }
}

async function performChecked(c: GatewayContext, operation: Operation): Promise<Response> {
  const services = c.var.services;
  c.set('route', operation.path);
  c.set('operationId', operation.id);
  c.header('Cache-Control', 'no-store');

  const caller = await authenticate(services, operation, credentialsOf(c)); // 401
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
  const origin = services.settings.publicOrigin ?? new URL(c.req.url).origin;
  const client = clientOf(c);
  const once = <Data>(what: unknown, carryOut: (creation: Creation) => Promise<Data>) =>
    carryOutOnce(c, operation, caller, what, carryOut);
  const announce = (headers: Record<string, string>) => {
    for (const [name, value] of Object.entries(headers)) c.header(name, value);
  };
  const handle = (creation: Creation) =>
    operation.handle({ ...request, caller, services, creation, announce, once, origin, client });
  const data = isStreamed(operation) ? await handle(unclaimed(services)) : await once(request, handle);
  const { success } = operation.shape ?? ENVELOPE;
  return c.json(success(data, services.nowMs()), operation.success.status);
}

function isStreamed({ body }: Operation): boolean {
  return body instanceof Streamed;
}

function unclaimed(services: Services): Creation {
  return { id: services.newId(), claimedUntilMs: null };
}

async function authenticate(
  services: Services,
  { access, sessionToken }: Pick<Operation, 'access' | 'sessionToken'>,
  credentials: Credentials,
): Promise<Caller | null> {
  if (access !== 'public' && looksLikeSessionToken(credentials.apiKey)) {
    if (!sessionToken) throw sessionTokenMismatch();
    return findSessionCaller(services, credentials.apiKey);
  }
  switch (access) {
    case 'public':
      return null;
    case 'key':
      return findKeyCaller(services, credentials.apiKey);
    case 'key_or_app':
      return findKeyOrAppCaller(services, credentials);
    case 'bearer':
      return findBearerCaller(services, credentials);
  }
}

function refuseSuspended(caller: Caller): void {
  if (caller.kind === 'app' || caller.organisation.suspendedAtMs === null) return;
  const message = 'Your account is suspended due to a payment issue. Please update your payment method.';
  throw new ApiFailure({ code: 'account_suspended', message });
}

function refuseWithoutScope(caller: Caller, scope: Scope | undefined): void {
  if (caller.kind === 'key' && caller.session !== null) return;
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
  const headers = operation.headers && parseOrFail(operation.headers, headersOf(c, operation.headers), 'headers');
  return { params, query, headers, body: await readBody(c, operation) };
}

async function readBody(c: GatewayContext, { body, maxBodyBytes = MAX_JSON_BODY_BYTES }: Operation): Promise<unknown> {
  if (body === undefined) return undefined;
  if (body instanceof Streamed) return body.open(c.req.raw);
  return parseOrFail(body, await readJsonBody(c.req.raw, maxBodyBytes), 'body');
}

function headersOf(c: GatewayContext, { shape }: z.ZodObject): Record<string, string | undefined> {
  return Object.fromEntries(Object.keys(shape).map((name) => [name, c.req.header(name)]));
}

async function carryOutOnce<Data>(
  c: GatewayContext,
  operation: Operation,
  caller: Caller | null,
  request: unknown,
  carryOut: (creation: Creation) => Promise<Data>,
): Promise<Data> {
  const idempotencyKey = operation.creates ? c.req.header('idempotency-key') : undefined;
  if (idempotencyKey === undefined || caller?.kind !== 'key') {
    return carryOut(unclaimed(c.var.services));
  }
  const once = { caller, operation: operation.id, idempotencyKey, request, carryOut };
  const { outcome, replayed } = await answerOnce(c.var.services, once);
  if (replayed) c.header('Idempotency-Replayed', 'true');
  if ('error' in outcome) throw new ApiFailure(outcome.error);
  return outcome.data;
}
