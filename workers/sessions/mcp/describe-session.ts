import type { Session } from '#shared/contract/sessions.ts';
import type { StatusOutput } from './tool-schemas.ts';

export function statusOf(session: Session, nowMs: number): StatusOutput {
  return {
    session_id: session.session_id,
    status: session.state,
    human_verified: isVerified(session, nowMs),
    verdict: session.verdict,
    confidence: session.confidence,
    action_description: session.action_description,
    risk_level: session.risk_level,
    attempts: session.attempts,
    max_attempts: session.max_attempts,
    failure_reason: session.failure_reason,
    facemesh_comparison: session.facemesh_comparison,
    attestation: session.attestation,
    attestation_expires_at: session.attestation_expires_at,
    expires_at: session.expires_at,
  };
}

/** A live person, nobody whom a comparison has found to be another, and not so long ago that the proof is over. */
export function isVerified(session: Session, nowMs: number): boolean {
  const { state, verdict, attestation, facemesh_comparison: compared } = session;
  if (state !== 'completed' || verdict !== 'live' || attestation === null) return false;
  return compared?.match_found !== false && isInTime(session, nowMs);
}

function isInTime({ attestation_expires_at: expiresAt }: Session, nowMs: number): boolean {
  return expiresAt !== null && Date.parse(expiresAt) > nowMs;
}

const STATUS_TEXT: Record<Session['state'], string> = {
  pending: 'NOT VERIFIED YET. The user has not begun. Do not carry out the action; check again.',
  in_progress: 'NOT VERIFIED YET. The user is at it. Do not carry out the action; check again.',
  completed: 'NOT VERIFIED. There is no proof of it. Do not carry out the action.',
  failed: 'NOT VERIFIED. The check failed. Do not carry out the action.',
  expired: 'NOT VERIFIED. The link has expired. Do not carry out the action; ask again if the user still wants it.',
  cancelled: 'NOT VERIFIED. The session was cancelled. Do not carry out the action.',
};
const OVER =
  'NOT VERIFIED ANY MORE. The check was passed, but its proof is over. Do not carry out the action; call verify_human_presence again.';
const SOMEBODY_ELSE =
  'NOT VERIFIED AS THIS USER. The face in front of the camera is NOT the one of the earlier sessions. Do not carry out the action.';

/** For a language model, so that nothing but a yes can be read as one. */
export function textOf(session: Session, nowMs: number): string {
  const { state, action_description: action, attestation_expires_at: until } = session;
  if (isVerified(session, nowMs)) {
    return `VERIFIED. A live person confirmed: ${JSON.stringify(action)}. ${whoItWas(session)} The attestation proves it until ${until}.`;
  }
  if (session.facemesh_comparison?.match_found === false) return SOMEBODY_ELSE;
  if (state === 'completed' && session.attestation !== null && !isInTime(session, nowMs)) return OVER;
  return STATUS_TEXT[state];
}

/** Of a proof that was made for another action. */
export function reusedTextOf(session: Session, nowMs: number): string {
  if (!isVerified(session, nowMs)) return textOf(session, nowMs);
  const { action_description: action, ended_at: endedAt, attestation_expires_at: until } = session;
  return `VERIFIED BEFORE. Nobody was asked now: reuse was allowed, and at ${endedAt} a live person confirmed: ${JSON.stringify(action)}. ${whoItWas(session)} The attestation proves that, and holds until ${until}.`;
}

function whoItWas({ facemesh_comparison: compared }: Session): string {
  if (compared === null) return 'Who it was has not been compared.';
  const { similarity_score: similarity } = compared;
  return `It is the person of the earlier sessions${similarity === null ? '' : ` (similarity ${similarity.toFixed(2)})`}.`;
}
