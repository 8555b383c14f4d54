import { findSessionById } from '#shared/db/verification-sessions.ts';
import { findVerification } from '#shared/db/verifications.ts';
import { attemptId } from '#shared/lib/attempt-id.ts';
import type { SessionReply } from '#shared/rpc/sessions.ts';
import { changeSession } from './change-session.ts';
import { isOpen } from './session-machine.ts';
import { type SettleServices, settleAttempt } from './settle-attempt.ts';

/** Under which the checks of sessions are stored. */
export const SESSION_CHECK_OPERATION = 'fastCheckCrops';

const BY_SYSTEM = { actor: 'system', client: null };

/**
 * What a session that nobody ended comes to once its time is over. A verdict that was given but never told to the session, because
 * the gateway died in between, still counts; without the pictures nothing is compared then, so nobody is found to be the same person.
 */
export async function expireSession(services: SettleServices, sessionId: string): Promise<SessionReply> {
  const { database, nowMs } = services;
  const session = await findSessionById(database, sessionId);
  if (session === null) return { ok: false, refusal: { reason: 'not_found' } };
  if (!isOpen(session) || nowMs() < session.expiresAtMs) return { ok: true, session };
  const { organisationId } = session;
  const attempt = session.attempts + 1;
  const checkId = await attemptId(sessionId, attempt);
  const check = await findVerification(database, {
    organisationId,
    operation: SESSION_CHECK_OPERATION,
    sessionId: checkId,
  });
  if (check?.result) {
    const { result } = check;
    await settleAttempt(services, { organisationId, sessionId, attempt, result, crops: [], by: BY_SYSTEM });
  }
  return await changeSession(services, { sessionId, command: { kind: 'expire' }, by: BY_SYSTEM, told: null });
}
