import { notFound } from '#shared/contract/errors.ts';
import type { CheckProgress } from '#shared/contract/results.ts';
import { findSubmission } from '#shared/db/submissions.ts';
import { findCheckOfSession } from '#shared/db/verifications.ts';
import type { Services } from '../services.ts';
import {
  failedProgress,
  type GatheredFrames,
  isDead,
  progressOfRow,
  progressOfSubmission,
  queuedProgress,
} from './present-progress.ts';

/** What has been gathered of a check whose frames come one by one; null when nothing has. */
export interface StreamProgressReader {
  progressOf(organisationId: string, sessionId: string): Promise<GatheredFrames | null>;
}

export interface FollowedCheck {
  organisationId: string;
  sessionId: string;
}

type FollowServices = Pick<Services, 'database' | 'nowMs' | 'sleep'>;

const FIRST_PAUSE_MS = 100;
/** A wait of two minutes then looks some 70 times: far from the limit on what one request may ask of others. */
const LONGEST_PAUSE_MS = 2_000;
/** Of the time that a client gives, what is kept for the answer's way: the public SDK hangs up exactly when it is over. */
const KEPT_FOR_ANSWER = 0.05;

export async function readProgress(
  services: FollowServices,
  streams: StreamProgressReader,
  check: FollowedCheck,
): Promise<CheckProgress> {
  const progress = await look(services, streams, check);
  if (progress === null) throw notFound('Check');
  return progress;
}

/** Ends as soon as nothing more will come, else when the time is up, with what is so then. */
export async function waitForProgress(
  services: FollowServices,
  streams: StreamProgressReader,
  check: FollowedCheck & { timeoutMs: number },
): Promise<CheckProgress> {
  const giveUpAtMs = services.nowMs() + check.timeoutMs * (1 - KEPT_FOR_ANSWER);
  let last = await readProgress(services, streams, check);
  for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(pauseMs * 1.5, LONGEST_PAUSE_MS)) {
    const leftMs = giveUpAtMs - services.nowMs();
    if (last.status === 'complete' || last.status === 'failed' || leftMs <= 0) return last;
    await services.sleep(Math.min(pauseMs, leftMs));
    // A check that was refused or that broke leaves nothing behind, and neither do frames that were never completed.
    last = (await look(services, streams, check)) ?? failedProgress(last);
  }
}

/** A verdict, then work that goes on, then frames that are gathered, then a video, then work that has died. */
async function look(
  { database, nowMs }: FollowServices,
  streams: StreamProgressReader,
  { organisationId, sessionId }: FollowedCheck,
): Promise<CheckProgress | null> {
  const row = await findCheckOfSession(database, organisationId, sessionId);
  const lookedAtMs = nowMs();
  if (row && !isDead(row, lookedAtMs)) return progressOfRow(row, lookedAtMs);
  const gathered = await streams.progressOf(organisationId, sessionId);
  if (gathered) return queuedProgress(sessionId, gathered);
  const submission = await findSubmission(database, organisationId, sessionId);
  if (submission && submission.status !== 'completed') return progressOfSubmission(submission);
  // Between the two looks a stream, or a video, may have come to its verdict, and given up its frames.
  const settled = await findCheckOfSession(database, organisationId, sessionId);
  return settled && progressOfRow(settled, nowMs());
}
