import type { VerificationSessionRow } from '#shared/db/verification-sessions.ts';
import type { SessionAccess } from '#shared/rpc/sessions.ts';
import { readTokenSecret } from '../read-token-secret.ts';
import { readSessionDataKey } from '../session-data-key.ts';
import type { SessionsEnv } from '../sessions-env.ts';
import { callbackSecretOf } from '../webhooks/callback-secret.ts';
import { mintSessionToken } from './session-token.ts';

/** So that a page can still read how its session ended. */
export const TOKEN_OUTLIVES_SESSION_MS = 10 * 60 * 1000;

export async function accessTo(
  session: Pick<VerificationSessionRow, 'id' | 'origin' | 'createdAtMs' | 'expiresAtMs' | 'callbackUrl'>,
  env: SessionsEnv,
): Promise<SessionAccess> {
  const expiresAtMs = session.expiresAtMs + TOKEN_OUTLIVES_SESSION_MS;
  const token = await mintSessionToken({ sessionId: session.id, expiresAtMs }, readTokenSecret(env));
  return {
    token,
    // In the fragment: what stands there reaches no log, no proxy and no referrer.
    verificationUrl: `${session.origin}/verify/${session.id}#token=${token}`,
    callbackSecret: session.callbackUrl === null ? null : await callbackSecretOf(readSessionDataKey(env), session.id),
  };
}
