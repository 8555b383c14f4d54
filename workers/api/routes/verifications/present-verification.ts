import type { Verification, VerificationSummary } from '#shared/contract/checks.ts';
import type { StoredResult, VerificationRow } from '#shared/db/verifications.ts';

export type DoneVerification = VerificationRow & { result: StoredResult };

/** Only these are shown; that a check is running is no verdict. */
export function isDone(row: VerificationRow): row is DoneVerification {
  return row.result !== null;
}

export function presentVerification(row: DoneVerification): Verification {
  return { ...presentSummary(row), diagnostics: row.result.diagnostics };
}

export function presentSummary(row: DoneVerification): VerificationSummary {
  const { diagnostics, visual_score: _, physio_extracted: __, ...result } = row.result;
  return {
    ...result,
    operation: row.operation,
    source: row.source ?? 'media',
    bg_segmentation: row.bgSegmentation,
    metadata: row.metadata,
    client_time: row.clientTimeMs,
  };
}
