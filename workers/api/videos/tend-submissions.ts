import { type Database, openDatabase } from '#shared/db/database.ts';
import { failSubmission, takeStalled } from '#shared/db/submissions.ts';
import { MOST_DELIVERIES, type VideoJob, videoJob } from '#shared/jobs/video-job.ts';
import type { GatewayEnv } from '../env.ts';

/** Longer than any job takes with all its retries. One that only waits this long gets a second message, which costs little. */
const STALLED_AFTER_MS = 60 * 60 * 1000;
/** A recording that is still there after so long belongs to nothing that will ever be worked on. */
const KEEP_RECORDINGS_MS = 24 * 60 * 60 * 1000;
/** Of each kind in one run: far from what one invocation may ask of others. */
const MOST_AT_ONCE = 100;

const LOST = 'Processing broke off and did not come to an end. Nothing was charged; submit the video again.';

export interface TendServices {
  database: Database;
  recordings: R2Bucket;
  videoJobs: Pick<Queue<VideoJob>, 'send'>;
  nowMs(): number;
}

export function createTendServices(env: Pick<GatewayEnv, 'DB' | 'VIDEOS' | 'VIDEO_JOBS'>): TendServices {
  return {
    database: openDatabase(env.DB),
    recordings: env.VIDEOS,
    videoJobs: env.VIDEO_JOBS,
    nowMs: () => Date.now(),
  };
}

/**
 * For what a crash leaves between two steps: a submission without a message, a message that was lost, a recording without a
 * submission. Run from time to time; whatever is in order is left alone.
 */
export async function tendSubmissions(services: TendServices): Promise<void> {
  const steps = await Promise.allSettled([reviveStalled(services), deleteOrphans(services)]);
  for (const step of steps) if (step.status === 'rejected') complain(step.reason);
}

function complain(error: unknown): void {
  console.error(JSON.stringify({ level: 'error', event: 'submissions_not_tended', reason: String(error) }));
}

async function reviveStalled({ database, recordings, videoJobs, nowMs }: TendServices): Promise<void> {
  const nowIsMs = nowMs();
  const limits = { untouchedSinceMs: nowIsMs - STALLED_AFTER_MS, nowMs: nowIsMs, most: MOST_AT_ONCE };
  for (const { id, attempts, objectKey } of await takeStalled(database, limits)) {
    // One that this fails for is stalled again in an hour; the others do not wait for that.
    try {
      if (attempts < MOST_DELIVERIES) await videoJobs.send(videoJob(id));
      else if (await failSubmission(database, id, LOST, nowIsMs)) await deleteRecording(recordings, objectKey);
    } catch (error) {
      complain(error);
    }
  }
}

/** Under its key, and under what each attempt to fetch it has added to that. */
async function deleteRecording(recordings: R2Bucket, objectKey: string): Promise<void> {
  const { objects } = await recordings.list({ prefix: objectKey });
  await recordings.delete(objects.map(({ key }) => key));
}

async function deleteOrphans({ recordings, nowMs }: TendServices): Promise<void> {
  const keptSinceMs = nowMs() - KEEP_RECORDINGS_MS;
  let cursor: string | undefined;
  const orphans: string[] = [];
  do {
    const listed = await recordings.list({ prefix: 'videos/', ...(cursor !== undefined && { cursor }) });
    for (const { key, uploaded } of listed.objects) if (uploaded.getTime() < keptSinceMs) orphans.push(key);
    cursor = listed.truncated ? listed.cursor : undefined;
  } while (cursor !== undefined && orphans.length < MOST_AT_ONCE);
  if (orphans.length > 0) await recordings.delete(orphans.slice(0, 1000));
}
