import { iso } from '#shared/contract/common.ts';
import { ApiFailure, insufficientScope } from '#shared/contract/errors.ts';
import { firstScopeBeyond } from '#shared/contract/scopes.ts';
import type { ApiToken, CreateTokenBody } from '#shared/contract/tokens.ts';
import type { Services } from '../services.ts';
import type { KeyCaller } from '../use-cases/find-caller.ts';
import { signToken } from './token-claims.ts';

/**
 * A token that does for a while what the key does, or less. Nothing is stored: it ends by its time, or with the key. One that
 * has got about is withdrawn by revoking the key.
 */
export async function issueToken(services: Services, caller: KeyCaller, wanted: CreateTokenBody): Promise<ApiToken> {
  const { apiTokenSecret } = services.settings;
  if (apiTokenSecret === null) {
    const message = 'Tokens are not available: this deployment has no API_TOKEN_SECRET. Use the key as the bearer.';
    throw new ApiFailure({ code: 'service_unavailable', message });
  }
  const scopes = wanted.scopes ?? caller.key.scopes;
  const beyond = firstScopeBeyond(caller.key.scopes, scopes);
  if (beyond !== null) throw insufficientScope(beyond);
  const issuedAtMs = Math.floor(services.nowMs() / 1000) * 1000;
  const latestMs = caller.key.expiresAtMs ?? Number.POSITIVE_INFINITY;
  const expiresAtMs = Math.min(issuedAtMs + wanted.expires_in * 1000, latestMs);
  return {
    token: await signToken({ keyId: caller.key.id, scopes, issuedAtMs, expiresAtMs }, apiTokenSecret),
    token_type: 'Bearer',
    expires_in: Math.floor((expiresAtMs - issuedAtMs) / 1000),
    expires_at: iso(expiresAtMs),
    scopes,
  };
}
