import { ApiFailure } from '#shared/contract/errors.ts';
import type { Services } from '../services.ts';
import { findKeyRecord, type KeyCaller, notAuthenticated } from '../use-cases/find-caller.ts';
import { sessionsUnavailable } from './session-refusals.ts';

const TOKEN_PREFIX = 'vst_';

export function looksLikeSessionToken(apiKey: string | null): apiKey is string {
  return apiKey?.startsWith(TOKEN_PREFIX) === true;
}

/** Who has the link of a session. They act for the key that made it: with that key revoked, its links are closed. */
export async function findSessionCaller(services: Services, token: string): Promise<KeyCaller> {
  const opened = await services.sessions.openToken(token);
  if (opened.ok) {
    const { key, organisation } = await findKeyRecord(services, opened.apiKeyId);
    if (organisation.id !== opened.session.organisationId) throw notAuthenticated();
    return { kind: 'key', secret: token, isToken: true, session: opened.session, key, organisation };
  }
  if (opened.reason === 'expired') throw new ApiFailure({ code: 'token_expired', message: 'The link is over' });
  throw opened.reason === 'invalid' ? notAuthenticated() : sessionsUnavailable();
}

export function sessionTokenMismatch(): ApiFailure {
  const message = 'A verification token opens its own session only';
  return new ApiFailure({ code: 'session_token_mismatch', message });
}

/** A token holder may name no session but theirs. */
export function requireOwnSession(caller: KeyCaller, sessionId: string): void {
  if (caller.session !== null && caller.session.id !== sessionId.toLowerCase()) throw sessionTokenMismatch();
}
