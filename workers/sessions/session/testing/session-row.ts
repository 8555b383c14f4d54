import type { VerificationSessionRow } from '#shared/db/verification-sessions.ts';

/** A session that has just been made. */
export function sessionRow(change: Partial<VerificationSessionRow> = {}): VerificationSessionRow {
  return {
    id: '550e8400-e29b-41d4-a716-446655440000',
    organisationId: 'org',
    apiKeyId: 'key',
    state: 'pending',
    actionDescription: 'Transfer 2,400 euros to Ana Ruiz',
    riskLevel: 'standard',
    model: 'mixed-10-v2',
    frameCount: 10,
    userIdentifier: null,
    requireUserMatch: false,
    callbackUrl: null,
    metadata: null,
    maxAttempts: 3,
    attempts: 0,
    attestationSeconds: 600,
    consent: null,
    verdict: null,
    confidence: null,
    warning: null,
    matchFound: null,
    similarityScore: null,
    failureReason: null,
    attestation: null,
    attestationExpiresAtMs: null,
    origin: 'https://api.example.com',
    revision: 1,
    createdAtMs: 0,
    startedAtMs: null,
    endedAtMs: null,
    expiresAtMs: 300_000,
    checkUntilMs: null,
    ...change,
  };
}
