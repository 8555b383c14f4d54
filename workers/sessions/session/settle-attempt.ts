import { findOrganisation } from '#shared/db/organisations.ts';
import { rememberUserStatements } from '#shared/db/user-templates.ts';
import { findSessionById, type VerificationSessionRow } from '#shared/db/verification-sessions.ts';
import { isOpen } from '#shared/lib/session-state.ts';
import type { SessionRefusal, SettledAttempt } from '#shared/rpc/sessions.ts';
import { type AttestationServices, issueAttestation } from '../attestations/issue-attestation.ts';
import { type Comparison, type ComparisonServices, compareWithEarlier } from '../users/compare-with-earlier.ts';
import { BY_SYSTEM } from './audit-entry.ts';
import type { AskedChange, ChangeServices } from './change-session.ts';
import { type AttemptOutcome, maySatisfy } from './session-machine.ts';

export type SettleServices = ChangeServices & AttestationServices & ComparisonServices;

export type Settlement = { ok: true; change: AskedChange } | { ok: false; refusal: SessionRefusal };

/**
 * What one check means for its session, for `changeSession` to write. All that takes its time is done here, before the session's turn;
 * the machine judges anew then, so that of two that settle the same attempt one counts. Whoever did not hear the answer may ask again.
 */
export async function prepareSettlement(
  services: SettleServices,
  asked: SettledAttempt,
  issuedAtMs: number = services.nowMs(),
): Promise<Settlement> {
  const { sessionId, organisationId, attempt, result } = asked;
  const session = await findSessionById(services.database, sessionId);
  if (session === null || session.organisationId !== organisationId) {
    return { ok: false, refusal: { reason: 'not_found' } };
  }
  const isNews = attempt === session.attempts + 1 && isOpen(session);
  const compared = isNews && result.verdict === 'live' ? await compare(services, session, asked.crops) : NOT_COMPARED;
  // The verdict is stored: the same request again finds the faces, or the session ends without.
  if (compared === null) return { ok: false, refusal: { reason: 'unavailable' } };
  const { matchFound, similarityScore, remember } = compared;
  const told = { verdict: result.verdict, confidence: result.confidence, warning: result.warning };
  const attestation = isNews ? await attest(services, { session, told, compared, issuedAtMs }) : null;
  const outcome: AttemptOutcome = { ...told, matchFound, similarityScore, attestation, consent: session.consent };
  const { verdict, confidence } = result;
  return {
    ok: true,
    change: {
      sessionId,
      command: { kind: 'settle', attempt, outcome },
      // Whose doing it is stands with `check_begun`; the judgement is ours.
      by: BY_SYSTEM,
      told: {
        id: services.newId(),
        action: 'attempt_judged',
        details: { attempt, verdict, confidence, compared: compared.outcome },
      },
      alongside: remember === null || attestation === null ? [] : rememberUserStatements(services.database, remember),
    },
  };
}

const NOT_COMPARED = { outcome: 'not_asked', matchFound: null, similarityScore: null, remember: null } as const;
/** Agreed to, and there is nothing to look at: whatever cannot be told is no match. */
const NOTHING_TO_COMPARE = { outcome: 'unreadable', matchFound: false, similarityScore: null, remember: null } as const;

type Compared = Comparison | typeof NOT_COMPARED;

/** null while the face Worker cannot be asked. */
async function compare(
  services: SettleServices,
  session: VerificationSessionRow,
  crops: Uint8Array[],
): Promise<Compared | null> {
  const { organisationId, userIdentifier, id: sessionId, consent } = session;
  if (userIdentifier === null || consent !== 'given') return NOT_COMPARED;
  if (crops.length === 0) return NOTHING_TO_COMPARE;
  return await compareWithEarlier(services, { organisationId, userIdentifier, sessionId, crops });
}

interface ToAttest {
  session: VerificationSessionRow;
  told: { verdict: 'live' | 'fake'; confidence: number };
  compared: Pick<AttemptOutcome, 'matchFound' | 'similarityScore'>;
  issuedAtMs: number;
}

/** Signed before it is written, so what is written is whole. One that is never written has been seen by nobody. */
async function attest(
  services: SettleServices,
  { session, told: { verdict, confidence }, compared, issuedAtMs }: ToAttest,
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
    issuedAtMs,
    lifetimeSeconds: session.attestationSeconds,
    facemeshComparison: matchFound === null ? null : { matchFound, similarityScore },
  });
}
