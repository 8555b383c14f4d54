import { findOrganisation } from '#shared/db/organisations.ts';
import { rememberUserStatements } from '#shared/db/user-templates.ts';
import { findSessionById, type VerificationSessionRow } from '#shared/db/verification-sessions.ts';
import type { SessionReply, SettledAttempt } from '#shared/rpc/sessions.ts';
import { type AttestationServices, issueAttestation } from '../attestations/issue-attestation.ts';
import { type ComparisonServices, compareWithEarlier } from '../users/compare-with-earlier.ts';
import { type ChangeServices, changeSession } from './change-session.ts';
import { type AttemptOutcome, isOpen, maySatisfy } from './session-machine.ts';

export type SettleServices = ChangeServices & AttestationServices & ComparisonServices;

/** What one check means for its session. Whoever did not hear the answer may ask again: the second time nothing is done. */
export async function settleAttempt(services: SettleServices, asked: SettledAttempt): Promise<SessionReply> {
  const { sessionId, organisationId, attempt, result } = asked;
  const session = await findSessionById(services.database, sessionId);
  if (session === null || session.organisationId !== organisationId) {
    return { ok: false, refusal: { reason: 'not_found' } };
  }
  const isNews = attempt === session.attempts + 1 && isOpen(session);
  const compared = isNews && result.verdict === 'live' ? await compare(services, session, asked.crops) : NOT_COMPARED;
  const { matchFound, similarityScore } = compared;
  const told = { verdict: result.verdict, confidence: result.confidence, warning: result.warning };
  const attestation = isNews ? await attest(services, session, told, compared) : null;
  const outcome: AttemptOutcome = { ...told, matchFound, similarityScore, attestation };
  const { remember } = compared;
  return await changeSession(services, {
    sessionId,
    command: { kind: 'settle', attempt, outcome },
    by: asked.by,
    told: isNews
      ? {
          action: 'attempt_judged',
          details: { attempt, verdict: result.verdict, confidence: result.confidence, compared: compared.outcome },
        }
      : null,
    alongside: remember === null || attestation === null ? [] : rememberUserStatements(services.database, remember),
  });
}

const NOT_COMPARED = { outcome: 'not_asked', matchFound: null, similarityScore: null, remember: null } as const;

async function compare(services: SettleServices, session: VerificationSessionRow, crops: Uint8Array[]) {
  const { organisationId, userIdentifier, id: sessionId, consent } = session;
  if (userIdentifier === null || consent !== 'given' || crops.length === 0) return NOT_COMPARED;
  return await compareWithEarlier(services, { organisationId, userIdentifier, sessionId, crops });
}

/** Signed before it is written, so what is written is whole. One that is never written has been seen by nobody. */
async function attest(
  services: SettleServices,
  session: VerificationSessionRow,
  { verdict, confidence }: { verdict: 'live' | 'fake'; confidence: number },
  compared: Pick<AttemptOutcome, 'matchFound' | 'similarityScore'>,
): Promise<AttemptOutcome['attestation']> {
  if (verdict !== 'live' || (session.requireUserMatch && !maySatisfy(compared))) return null;
  const { matchFound, similarityScore } = compared;
  const organisation = await findOrganisation(services.database, session.organisationId);
  return await issueAttestation(services, {
    verdict,
    confidence,
    action: session.actionDescription,
    sessionId: session.id,
    issuer: session.origin,
    subject: session.userIdentifier,
    audience: organisation?.slug ?? session.organisationId,
    riskLevel: session.riskLevel,
    model: session.model,
    lifetimeSeconds: session.attestationSeconds,
    facemeshComparison: matchFound === null ? null : { matchFound, similarityScore: similarityScore ?? 0 },
  });
}
