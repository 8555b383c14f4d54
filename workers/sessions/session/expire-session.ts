import { findSessionById, type VerificationSessionRow } from '#shared/db/verification-sessions.ts';
import { findVerification, type StoredResult } from '#shared/db/verifications.ts';
import { attemptOperation } from '#shared/lib/attempt-operation.ts';
import { reasonOf } from '#shared/lib/reason-of.ts';
import { closesAtMs, isOpen } from '#shared/lib/session-state.ts';
import type { SessionReply } from '#shared/rpc/sessions.ts';
import { BY_SYSTEM } from './audit-entry.ts';
import { changeSession } from './change-session.ts';
import { prepareSettlement, type SettleServices } from './settle-attempt.ts';

/** For so long a verdict that cannot be settled keeps its session open: an outage may pass, a lost key does not. */
const SETTLE_WITHIN_MS = 10 * 60 * 1000;

/**
 * What a session that nobody ended comes to once its time is over. A verdict that was given but never told to the session, because
 * the gateway died in between, still counts; without the pictures nobody is found to be the same person then.
 */
export async function expireSession(services: SettleServices, sessionId: string): Promise<SessionReply> {
  const session = await findSessionById(services.database, sessionId);
  if (session === null) return { ok: false, refusal: { reason: 'not_found' } };
  const lateMs = services.nowMs() - closesAtMs(session);
  if (!isOpen(session) || lateMs < 0) return { ok: true, session };
  try {
    await settleUntold(services, session);
  } catch (error) {
    if (lateMs < SETTLE_WITHIN_MS) throw error;
    console.error(JSON.stringify({ level: 'error', event: 'verdict_not_settled', sessionId, reason: reasonOf(error) }));
  }
  return await changeSession(services, { sessionId, command: { kind: 'expire' }, by: BY_SYSTEM, told: null });
}

async function settleUntold(services: SettleServices, session: VerificationSessionRow): Promise<void> {
  const { id: sessionId, organisationId } = session;
  const attempt = session.attempts + 1;
  const operation = attemptOperation(attempt);
  const check = await findVerification(services.database, { organisationId, operation, sessionId });
  if (!check?.result || isTooOld(check.result, session, services.nowMs())) return;
  const { result } = check;
  const asked = { organisationId, sessionId, attempt, result, crops: [] };
  // The person was there when it was judged, and the proof is of that moment.
  const settlement = await prepareSettlement(services, asked, Date.parse(result.created_at));
  if (settlement.ok) await changeSession(services, settlement.change);
}

/** A proof of it would be over, or the session was when it was judged. */
function isTooOld({ created_at: createdAt }: StoredResult, session: VerificationSessionRow, nowMs: number): boolean {
  const judgedAtMs = Date.parse(createdAt);
  return judgedAtMs > closesAtMs(session) || judgedAtMs + session.attestationSeconds * 1000 <= nowMs;
}
