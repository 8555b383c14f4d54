import { ApiFailure } from '#shared/contract/errors.ts';
import { firstScopeBeyond, SCOPES, type Scope } from '#shared/contract/scopes.ts';
import type { Services } from '../services.ts';
import {
  type Credentials,
  findKeyCaller,
  findKeyRecord,
  type KeyCaller,
  notAuthenticated,
} from '../use-cases/find-caller.ts';
import { readToken } from './token-claims.ts';

/** Three parts of base64url between dots. A key has no dots. */
const LOOKS_LIKE_TOKEN = /^[\w-]+\.[\w-]+\.[\w-]+$/;
const LONGEST_TOKEN = 4096;

/** A key, or a token that was made with one: as a bearer, or the key where all other routes take it. */
export async function findBearerCaller(services: Services, { apiKey, bearerToken }: Credentials): Promise<KeyCaller> {
  if (bearerToken === null) return findKeyCaller(services, apiKey);
  if (!LOOKS_LIKE_TOKEN.test(bearerToken)) return findKeyCaller(services, bearerToken);
  return findTokenCaller(services, bearerToken);
}

async function findTokenCaller(services: Services, token: string): Promise<KeyCaller> {
  const { apiTokenSecret } = services.settings;
  if (apiTokenSecret === null || token.length > LONGEST_TOKEN) throw notAuthenticated();
  const grant = await readToken(token, apiTokenSecret);
  if (grant === null) throw notAuthenticated();
  if (grant.expiresAtMs <= services.nowMs()) throw new ApiFailure({ code: 'token_expired', message: 'token_expired' });
  const { key, organisation } = await findKeyRecord(services, grant.keyId);
  const scopes = scopesInCommon(grant.scopes, key.scopes);
  if (scopes === null) throw notAuthenticated();
  // What is sealed for one token can be opened with the next one of the same key, and by nobody without the secret.
  const secret = `${apiTokenSecret} ${key.id}`;
  return { kind: 'key', secret, isToken: true, session: null, key: { ...key, scopes }, organisation };
}

/** The key may have lost scopes since. Null when nothing is left: an empty list would mean every scope. */
function scopesInCommon(granted: readonly Scope[], ofKey: readonly Scope[]): Scope[] | null {
  if (firstScopeBeyond(ofKey, granted) === null) return [...granted];
  const wanted = granted.length === 0 ? SCOPES : granted;
  const common = wanted.filter((scope) => ofKey.includes(scope));
  return common.length === 0 ? null : common;
}
