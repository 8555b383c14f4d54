import { iso, isoOrNull } from '#shared/contract/common.ts';
import type { CheckProgress } from '#shared/contract/results.ts';
import type { SubmissionRow } from '#shared/db/submissions.ts';
import type { VerificationRow } from '#shared/db/verifications.ts';

export interface GatheredFrames {
  framesReceived: number;
  framesRequired: number;
  openedAtMs: number;
}

const NOTHING_YET = {
  completed_at: null,
  verdict: null,
  confidence: null,
  real_score: null,
  processing_ms: null,
  frames_processed: null,
  available: false,
  warning: null,
  error: null,
} as const;

/** Frames of a stream or of an upload have come in, and there is no verdict on them yet. */
export function queuedProgress(sessionId: string, gathered: GatheredFrames): CheckProgress {
  const named = { job_id: sessionId, session_id: sessionId };
  const createdAt = iso(gathered.openedAtMs);
  const frames_processed = gathered.framesReceived;
  return { ...NOTHING_YET, ...named, status: 'queued', created_at: createdAt, started_at: null, frames_processed };
}

/** A claim that nobody has renewed is one that nobody works on. */
export function isDead({ state, leaseEndsAtMs }: VerificationRow, nowMs: number): boolean {
  return state === 'running' && (leaseEndsAtMs ?? 0) < nowMs;
}

export function progressOfRow(row: VerificationRow, nowMs: number): CheckProgress {
  const { sessionId, startedAtMs, createdAtMs, result } = row;
  const named = { job_id: sessionId, session_id: sessionId };
  const begun = { created_at: iso(startedAtMs ?? createdAtMs), started_at: isoOrNull(startedAtMs) };
  if (result === null) {
    const running: CheckProgress = { ...NOTHING_YET, ...named, ...begun, status: 'processing' };
    return isDead(row, nowMs) ? failedProgress(running) : running;
  }
  const { verdict, confidence, real_score, processing_ms, frames_processed, warning } = result;
  const told = { verdict, confidence, real_score, processing_ms, frames_processed, warning };
  return {
    ...named,
    ...begun,
    ...told,
    status: 'complete',
    completed_at: iso(createdAtMs),
    available: true,
    error: null,
  };
}

/** A video that has no verdict, not yet or not ever. */
export function progressOfSubmission(row: SubmissionRow): CheckProgress {
  const named = { job_id: row.id, session_id: row.id };
  const begun = { created_at: iso(row.createdAtMs), started_at: isoOrNull(row.startedAtMs) };
  const ended = { completed_at: isoOrNull(row.completedAtMs), error: row.error };
  const status = row.status === 'pending' ? 'queued' : row.status === 'processing' ? 'processing' : 'failed';
  return { ...NOTHING_YET, ...named, ...begun, ...ended, status };
}

/** The same check, after it has come to nothing. */
export function failedProgress(progress: CheckProgress): CheckProgress {
  const error = 'The check came to no verdict. Nothing was charged; please send it again.';
  return { ...progress, status: 'failed', error };
}
