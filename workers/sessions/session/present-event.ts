import type { VerificationSessionRow } from '#shared/db/verification-sessions.ts';
import type { Milestone } from './session-machine.ts';

/** What webhooks and callbacks are told of a session. */
export function presentEvent(
  { newId }: { newId(): string },
  session: VerificationSessionRow,
  milestone: Milestone | 'created',
  createdAtMs: number,
) {
  const { matchFound, similarityScore } = session;
  return {
    id: newId(),
    organisationId: session.organisationId,
    event: `session.${milestone}` as const,
    sessionId: session.id,
    createdAtMs,
    callbackUrl: session.callbackUrl,
    data: {
      session_id: session.id,
      state: session.state,
      action_description: session.actionDescription,
      risk_level: session.riskLevel,
      model: session.model,
      user_identifier: session.userIdentifier,
      attempts: session.attempts,
      verdict: session.verdict,
      confidence: session.confidence,
      facemesh_comparison: matchFound === null ? null : { match_found: matchFound, similarity_score: similarityScore },
      failure_reason: session.failureReason,
      attestation: session.attestation,
      metadata: session.metadata,
    },
  };
}
