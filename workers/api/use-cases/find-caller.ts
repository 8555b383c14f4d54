import { ApiFailure } from '#shared/contract/errors.ts';
import { findUsableKey, findUsableKeyById, touchKey } from '#shared/db/api-keys.ts';
import type { VerificationSessionRow } from '#shared/db/verification-sessions.ts';
import { equalSecrets, sha256Hex } from '#shared/lib/hash.ts';
import type { Services } from '../services.ts';

export type KeyRecord = NonNullable<Awaited<ReturnType<typeof findUsableKey>>>;

/**
 * `secret` is the key as presented: it seals what is stored for this caller, and is itself never stored or logged. A token has
 * another one, and what is stored for either is not for the other.
 */
export type KeyCaller = {
  kind: 'key';
  secret: string;
  isToken: boolean;
  /** The one session that a verification token opens; null for everybody else. */
  session: VerificationSessionRow | null;
} & KeyRecord;
export type AppCaller = { kind: 'app' };
export type Caller = KeyCaller | AppCaller;

export interface Credentials {
  apiKey: string | null;
  bearerToken: string | null;
}

const LONGEST_KEY = 256;
const LOCAL_KEY_PREFIX = 'sk-local-';
const LAST_USE_RESOLUTION_MS = 60_000;

/** One answer for missing, unknown, expired and revoked: whoever guesses learns nothing from it. */
export function notAuthenticated(): ApiFailure {
  return new ApiFailure({ code: 'invalid_key', message: 'Not authenticated' });
}

export async function findKeyCaller(services: Services, apiKey: string | null): Promise<KeyCaller> {
  if (apiKey === null || apiKey.length > LONGEST_KEY) throw notAuthenticated();
  // The keys of the local seed are public knowledge: even a database that holds them does not make them valid elsewhere.
  if (apiKey.startsWith(LOCAL_KEY_PREFIX) && services.settings.environment !== 'development') throw notAuthenticated();
  const keyHash = await sha256Hex(apiKey);
  const record = await findRecord(services, keyHash, (nowMs) => findUsableKey(services.database, keyHash, nowMs));
  return { kind: 'key', secret: apiKey, isToken: false, session: null, ...record };
}

/** The key by which a token was made: what has become of it since holds for the token, too. */
export async function findKeyRecord(services: Services, keyId: string): Promise<KeyRecord> {
  return findRecord(services, idInCache(keyId), (nowMs) => findUsableKeyById(services.database, keyId, nowMs));
}

/** After a change of the key: this isolate knows it at once, others within the lifetime of the cache. */
export function forgetKey(services: Services, { id, keyHash }: { id: string; keyHash: string }): void {
  services.caches.keys.delete(keyHash);
  services.caches.keys.delete(idInCache(id));
}

function idInCache(keyId: string): string {
  return `id ${keyId}`;
}

/** The shared token of a deployment, or a key: what `GET /api/v1/models` takes. */
export async function findKeyOrAppCaller(services: Services, credentials: Credentials): Promise<Caller> {
  const { appToken } = services.settings;
  if (credentials.apiKey === null && credentials.bearerToken !== null && appToken !== null) {
    if (await equalSecrets(credentials.bearerToken, appToken)) return { kind: 'app' };
    throw notAuthenticated();
  }
  return findKeyCaller(services, credentials.apiKey);
}

/** Only keys that work are remembered: a refused one costs one query each time, whatever the reason. */
async function findRecord(
  services: Services,
  cacheKey: string,
  load: (nowMs: number) => Promise<KeyRecord | null>,
): Promise<KeyRecord> {
  const nowMs = services.nowMs();
  const known = services.caches.keys.get(cacheKey);
  const record = known ?? (await load(nowMs));
  if (record === null || isExpired(record, nowMs)) throw notAuthenticated();
  if (known === undefined) remember(services, cacheKey, record, nowMs);
  return record;
}

function remember(services: Services, cacheKey: string, record: KeyRecord, nowMs: number): void {
  services.caches.keys.set(cacheKey, record);
  if (nowMs - (record.key.lastUsedAtMs ?? 0) >= LAST_USE_RESOLUTION_MS) {
    services.later(touchKey(services.database, record.key.id, nowMs));
  }
}

function isExpired(record: KeyRecord, nowMs: number): boolean {
  return record.key.expiresAtMs !== null && record.key.expiresAtMs <= nowMs;
}
