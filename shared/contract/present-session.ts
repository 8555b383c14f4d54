import type { OrganisationRow } from '../db/organisations.ts';
import type { VerificationSessionRow } from '../db/verification-sessions.ts';
import { closesAtMs, stateAt } from '../lib/session-state.ts';
import { iso, isoOrNull } from './common.ts';
import type { Session } from './sessions.ts';

export interface Viewer {
  organisation: Pick<OrganisationRow, 'name' | 'slug'>;
  /** Who has but the link: what the organisation keeps to itself is left out. */
  hasOnlyLink: boolean;
  nowMs: number;
}

export function presentSession(row: VerificationSessionRow, { organisation, hasOnlyLink, nowMs }: Viewer): Session {
  const state = stateAt(row, nowMs);
  const endedAtMs = row.endedAtMs ?? (state === 'expired' ? closesAtMs(row) : null);
  return {
    session_id: row.id,
    state,
    action_description: row.actionDescription,
    risk_level: row.riskLevel,
    model: row.model,
    model_version: 'latest',
    frame_count: row.frameCount,
    user_identifier: hasOnlyLink ? null : row.userIdentifier,
    asks_consent: row.userIdentifier !== null,
    consent: row.consent,
    require_user_match: row.requireUserMatch,
    callback_url: hasOnlyLink ? null : row.callbackUrl,
    metadata: hasOnlyLink ? null : row.metadata,
    max_attempts: row.maxAttempts,
    attempts: row.attempts,
    verdict: row.verdict,
    confidence: row.confidence,
    score: row.confidence === null ? null : row.confidence * 100,
    warning: row.warning,
    facemesh_comparison:
      row.matchFound === null || hasOnlyLink
        ? null
        : { match_found: row.matchFound, similarity_score: row.similarityScore },
    failure_reason: row.failureReason,
    attestation: hasOnlyLink ? null : row.attestation,
    attestation_expires_at: isoOrNull(row.attestationExpiresAtMs),
    organisation: { name: organisation.name, slug: organisation.slug },
    created_at: iso(row.createdAtMs),
    started_at: isoOrNull(row.startedAtMs),
    ended_at: isoOrNull(endedAtMs),
    expires_at: iso(row.expiresAtMs),
  };
}
