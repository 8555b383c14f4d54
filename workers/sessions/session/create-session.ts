import { isUniqueViolation } from '#shared/db/database.ts';
import {
  findSessionById,
  insertSession,
  insertSessionEvent,
  type VerificationSessionRow,
} from '#shared/db/verification-sessions.ts';
import type { NewSession } from '#shared/rpc/sessions.ts';
import { webhookEventStatement } from '#shared/webhooks/webhook-event-statement.ts';
import { chainAuditEntry } from './audit-entry.ts';
import type { ChangeServices } from './change-session.ts';
import { presentEvent } from './present-event.ts';

const FRAMES_OF_RISK = { standard: 10, high: 30 } as const;
const MS_PER_SECOND = 1000;

/** The same session again where a creation is repeated that had written it. */
export async function createSession(services: ChangeServices, asked: NewSession): Promise<VerificationSessionRow> {
  const { database, nowMs, newId } = services;
  const atMs = nowMs();
  const session = newRow(asked, atMs);
  const { organisationId, id: sessionId } = session;
  const entry = {
    id: newId(),
    createdAtMs: atMs,
    action: 'session_created',
    details: { action_description: session.actionDescription, risk_level: session.riskLevel, model: session.model },
    ...asked.by,
  };
  const first = await chainAuditEntry({ organisationId, sessionId, previous: null }, entry);
  try {
    await database.batch([
      insertSession(database, session),
      insertSessionEvent(database, first),
      webhookEventStatement(database, presentEvent(services, session, 'created', atMs)),
    ]);
    return session;
  } catch (error) {
    const earlier = isUniqueViolation(error) ? await findSessionById(database, sessionId) : null;
    if (earlier === null || earlier.organisationId !== organisationId) throw error;
    return earlier;
  }
}

function newRow(asked: NewSession, atMs: number): VerificationSessionRow {
  const frameCount = asked.frame_count ?? FRAMES_OF_RISK[asked.risk_level];
  return {
    id: asked.id,
    organisationId: asked.organisationId,
    apiKeyId: asked.apiKeyId,
    state: 'pending',
    actionDescription: asked.action_description,
    riskLevel: asked.risk_level,
    model: `mixed-${frameCount}-v2`,
    frameCount,
    userIdentifier: asked.user_identifier ?? null,
    requireUserMatch: asked.require_user_match,
    callbackUrl: asked.callback_url ?? null,
    metadata: asked.metadata ?? null,
    maxAttempts: asked.max_attempts,
    attempts: 0,
    attestationSeconds: asked.attestation_ttl_seconds,
    consent: null,
    verdict: null,
    confidence: null,
    warning: null,
    matchFound: null,
    similarityScore: null,
    failureReason: null,
    attestation: null,
    attestationExpiresAtMs: null,
    origin: asked.origin,
    revision: 1,
    createdAtMs: atMs,
    startedAtMs: null,
    endedAtMs: null,
    expiresAtMs: atMs + asked.ttl_seconds * MS_PER_SECOND,
    checkUntilMs: null,
  };
}
