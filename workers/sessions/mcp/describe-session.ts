import type { Session } from '#shared/contract/sessions.ts';
import type { StatusOutput } from './tool-schemas.ts';

export function statusOf(session: Session): StatusOutput {
  return {
    session_id: session.session_id,
    status: session.state,
    human_verified: isVerified(session),
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

/** A live person, and nobody whom a comparison has found to be another. */
export function isVerified({ state, verdict, attestation, facemesh_comparison: compared }: Session): boolean {
  return state === 'completed' && verdict === 'live' && attestation !== null && compared?.match_found !== false;
}

const STATUS_TEXT: Record<Session['state'], string> = {
  pending: 'NOT VERIFIED YET. The user has not opened the link. Do not carry out the action; check again.',
  in_progress: 'NOT VERIFIED YET. The user is at it. Do not carry out the action; check again.',
  completed: 'NOT VERIFIED. A live person was seen, but no proof came of it. Do not carry out the action.',
  failed: 'NOT VERIFIED. The check failed. Do not carry out the action.',
  expired: 'NOT VERIFIED. The link has expired. Do not carry out the action; ask again if the user still wants it.',
  cancelled: 'NOT VERIFIED. The session was cancelled. Do not carry out the action.',
};

/** For a language model, so that nothing but a yes can be read as one. */
export function textOf(session: Session): string {
  if (isVerified(session)) {
    return `VERIFIED. A live person confirmed: "${session.action_description}". The attestation proves it until ${session.attestation_expires_at}.`;
  }
  if (session.state === 'completed' && session.facemesh_comparison?.match_found === false) {
    return 'NOT VERIFIED AS THIS USER. A live person was seen, but NOT the person of the earlier sessions. Do not carry out the action.';
  }
  return STATUS_TEXT[session.state];
}
