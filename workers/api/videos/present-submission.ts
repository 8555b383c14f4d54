import { iso, isoOrNull } from '#shared/contract/common.ts';
import type { Submission, SubmissionAccepted } from '#shared/contract/videos.ts';
import type { SubmissionRow } from '#shared/db/submissions.ts';
import type { StoredResult } from '#shared/db/verifications.ts';
import { MOST_DELIVERIES } from '#shared/jobs/video-job.ts';
import { answerOf } from '#shared/verdicts/present-verdict.ts';

export function presentAccepted(row: SubmissionRow, tenant: string): SubmissionAccepted {
  return {
    submission_id: row.id,
    tenant,
    // Also where the job has begun already: this is the answer to the submission.
    status: 'pending',
    model: row.model,
    message: 'The video is queued. Poll this submission for its result.',
    tenant_metadata: row.metadata,
    created_at: iso(row.createdAtMs),
  };
}

export interface SubmissionState {
  row: SubmissionRow;
  /** Of one that is completed. */
  result: StoredResult | null;
  /** Of one that waits: submissions of the same organisation that were there before. */
  before: number;
}

export function presentSubmission(state: SubmissionState, tenant: string): Submission {
  const { row, result } = state;
  return {
    submission_id: row.id,
    tenant,
    status: row.status,
    result: result && answerOf(result, { session_id: row.id, diagnostics: false }),
    tenant_metadata: row.metadata,
    message: messageOf(state),
    error: row.error,
    created_at: iso(row.createdAtMs),
    completed_at: isoOrNull(row.completedAtMs),
  };
}

function messageOf({ row, before }: SubmissionState): string {
  switch (row.status) {
    case 'pending':
      return `Waiting to be processed. ${waitingBefore(before)}`;
    case 'processing':
      return row.attempts > 1 ? `${workOn(row)} (${attempt(row.attempts)})` : workOn(row);
    case 'completed':
      return 'Processing complete.';
    case 'failed':
      return 'Processing failed. Nothing was charged.';
  }
}

/** A message that was lost is sent anew, and is delivered as often as the first. */
function attempt(attempts: number): string {
  return attempts > MOST_DELIVERIES ? `attempt ${attempts}` : `attempt ${attempts} of ${MOST_DELIVERIES}`;
}

function waitingBefore(before: number): string {
  if (before === 0) return 'It is next.';
  return before === 1 ? 'One more is before it.' : `${before} more are before it.`;
}

function workOn({ stage, stageDone, stageTotal }: SubmissionRow): string {
  switch (stage) {
    case 'fetching':
      return `Fetching the video${share(stageDone, stageTotal)}.`;
    case 'opening':
      return 'Opening the video.';
    case 'analysing':
      return `Analysing frame ${(stageDone ?? 0) + 1} of ${stageTotal ?? 0}.`;
    case 'judging':
      return 'Weighing the evidence.';
    case null:
      return 'Processing has begun.';
  }
}

function share(done: number | null, total: number | null): string {
  return done === null || !total ? '' : `, ${Math.round((100 * done) / total)} %`;
}
