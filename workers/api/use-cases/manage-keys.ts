import { insufficientScope, invalidField, notFound } from '#shared/contract/errors.ts';
import type { CreateKeyBody, UpdateKeyBody } from '#shared/contract/keys.ts';
import { firstScopeBeyond, type Scope } from '#shared/contract/scopes.ts';
import { type ApiKeyRow, findKey, revokeKey, saveNewKey, updateKey } from '#shared/db/api-keys.ts';
import type { Creation } from '#shared/db/idempotency.ts';
import { mintKey } from '#shared/db/new-key.ts';
import type { Services } from '../services.ts';
import { claimLost } from './answer-once.ts';
import { forgetKey, type KeyCaller } from './find-caller.ts';

export async function issueKey(
  services: Services,
  caller: KeyCaller,
  creation: Creation,
  wanted: CreateKeyBody,
): Promise<{ row: ApiKeyRow; key: string }> {
  refuseEscalation(caller, wanted.scopes);
  refuseExpiry(services, caller, wanted.expires_at);
  const { key, keyHash, prefix } = await mintKey();
  const row: ApiKeyRow = {
    id: creation.id,
    organisationId: caller.organisation.id,
    name: wanted.name,
    keyHash,
    prefix,
    scopes: wanted.scopes,
    // A key begins with the limit of the key that made it; each then has a quota of its own.
    requestsPerMinute: caller.key.requestsPerMinute,
    expiresAtMs: wanted.expires_at,
    revokedAtMs: null,
    lastUsedAtMs: null,
    createdAtMs: services.nowMs(),
  };
  if (!(await saveNewKey(services.database, row, creation))) throw claimLost();
  return { row, key };
}

/** Changing a key needs both the scopes that it has and those that it shall have. */
export async function changeKey(
  services: Services,
  caller: KeyCaller,
  keyId: string,
  change: UpdateKeyBody,
): Promise<ApiKeyRow> {
  const organisationId = caller.organisation.id;
  const current = await findKey(services.database, organisationId, keyId);
  if (current === null) throw notFound('API key');
  refuseEscalation(caller, current.scopes);
  if (change.scopes) refuseEscalation(caller, change.scopes);
  if (change.expires_at !== undefined) refuseExpiry(services, caller, change.expires_at);
  const values = {
    ...(change.name === undefined ? {} : { name: change.name }),
    ...(change.scopes === undefined ? {} : { scopes: change.scopes }),
    ...(change.expires_at === undefined ? {} : { expiresAtMs: change.expires_at }),
  };
  if (Object.keys(values).length === 0) return current;
  const row = await updateKey(services.database, organisationId, keyId, values);
  if (row === null) throw notFound('API key');
  forgetKey(services, row);
  return row;
}

/** Revoking only takes power away, so it needs no more than `keys:write`. */
export async function withdrawKey(services: Services, caller: KeyCaller, keyId: string): Promise<ApiKeyRow> {
  const row = await revokeKey(services.database, caller.organisation.id, keyId, services.nowMs());
  if (row === null) throw notFound('API key');
  forgetKey(services, row);
  return row;
}

function refuseEscalation(caller: KeyCaller, scopes: readonly Scope[]): void {
  const beyond = firstScopeBeyond(caller.key.scopes, scopes);
  if (beyond !== null) throw insufficientScope(beyond);
}

/** A key that ends may not outlive itself by making another, or by putting its own end off. */
function refuseExpiry(services: Services, caller: KeyCaller, expiresAtMs: number | null): void {
  const latestMs = caller.key.expiresAtMs ?? Number.POSITIVE_INFINITY;
  if ((expiresAtMs ?? Number.POSITIVE_INFINITY) > latestMs) {
    throw invalidField('expires_at', 'expires_at must not be later than that of the key that asks');
  }
  if (expiresAtMs === null || expiresAtMs > services.nowMs()) return;
  throw invalidField('expires_at', 'expires_at must lie in the future');
}
