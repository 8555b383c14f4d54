import { createExecutionContext, createMessageBatch, getQueueResult } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { openDatabase } from '#shared/db/database.ts';
import { findSubmissionById, type SubmissionRow } from '#shared/db/submissions.ts';
import { videoJob } from '#shared/jobs/video-job.ts';
import type { InferenceService } from '#shared/rpc/inference.ts';
import { storedSubmission } from '#shared/testing/post-video.ts';
import { stubInference } from '#shared/testing/stub-inference.ts';
import { consumeJobs, DEAD_LETTER_QUEUE } from '../consume-jobs.ts';
import type { Clip, SampledFrame } from '../decoder/open-clip.ts';
import type { VideoServices } from '../process-video.ts';

export const JOBS_QUEUE = 'edge-liveness-video';

/** Of each frame its time; which they are, the stub inference reads from their bytes. */
export interface StubClip {
  timesMs?: number[];
  runMs?: number[];
  width?: number;
  /** Thrown once so many frames are given. */
  failure?: { after: number; error: Error };
}

const TEN_FRAMES_MS = Array.from({ length: 10 }, (_, i) => i * 100);

/** A decoder that has decoded already. It reads its source as a real one would: from the start, in pieces. */
export function stubClip({ timesMs = TEN_FRAMES_MS, runMs = [], width = 640, failure }: StubClip = {}) {
  const seen = { opened: 0, closed: 0, bytesRead: 0, requests: [] as unknown[] };
  const times = [...new Set([...timesMs, ...runMs])].toSorted((a, b) => a - b);
  const openClip: VideoServices['openClip'] = async (source) => {
    seen.opened++;
    seen.bytesRead += (await source.read(0, source.sizeBytes)).length;
    const clip: Clip = {
      info: { codec: 'h264', container: 'mp4', width, height: 480, durationMs: 1000, frameCount: 10, rotation: 0 },
      memoryBytes: 0,
      async *sample(request) {
        seen.requests.push(request);
        for (const [place, timeMs] of times.entries()) {
          if (failure && place === failure.after) throw failure.error;
          yield {
            place,
            total: times.length,
            timeMs,
            ...membershipOf(timeMs),
            width,
            height: 480,
            rgba: nameOf(timeMs),
          };
        }
        if (failure && times.length <= failure.after) throw failure.error;
      },
      close: () => {
        seen.closed++;
      },
    };
    return clip;
  };
  const membershipOf = (timeMs: number): Pick<SampledFrame, 'isSpread' | 'isInRun'> => ({
    isSpread: timesMs.includes(timeMs),
    isInRun: runMs.includes(timeMs),
  });
  return { openClip, seen };
}

function nameOf(timeMs: number): Uint8Array {
  return new TextEncoder().encode(`frame at ${timeMs}`);
}

export interface TestJob {
  services: VideoServices;
  inference: ReturnType<typeof stubInference>;
  clip: ReturnType<typeof stubClip>['seen'];
  logged: Record<string, unknown>[];
}

/** Real D1 and R2; what decodes and what judges are stubs. */
export function jobServices(
  clip: StubClip = {},
  replacedInference: Partial<InferenceService> = {},
  replaced: Partial<VideoServices> = {},
): TestJob {
  const inference = stubInference(replacedInference);
  const { openClip, seen } = stubClip(clip);
  const logged: Record<string, unknown>[] = [];
  const services: VideoServices = {
    database: openDatabase(env.DB),
    recordings: env.VIDEOS,
    inference: inference.service,
    openClip,
    inTurn: (work) => work(),
    fetchPublic: async () => {
      throw new Error('nothing is to be fetched');
    },
    nowMs: () => Date.now(),
    newId: () => crypto.randomUUID(),
    log: (line) => logged.push(line),
    ...replaced,
  };
  return { services, inference, clip: seen, logged };
}

/** A submission with its recording. */
export async function filmSubmitted(members: Partial<SubmissionRow> = {}, bytes = 'a film'): Promise<SubmissionRow> {
  const row = await storedSubmission({ metadata: { order: 7 }, ...members });
  if (row.videoUrl === null) await env.VIDEOS.put(row.objectKey, bytes);
  return row;
}

/** One delivery; whether the queue may forget the message, or shall bring it again. */
export async function deliver(
  services: VideoServices,
  submissionId: string,
  { attempts = 1, queue = JOBS_QUEUE }: { attempts?: number; queue?: string } = {},
): Promise<'acked' | 'retried' | 'neither'> {
  const message = { id: submissionId, timestamp: new Date(), attempts, body: videoJob(submissionId) };
  const batch = createMessageBatch(queue, [message]);
  const context = createExecutionContext();
  await consumeJobs(batch, services);
  const { explicitAcks, retryMessages } = await getQueueResult(batch, context);
  if (explicitAcks.includes(submissionId)) return 'acked';
  return retryMessages.some(({ msgId }) => msgId === submissionId) ? 'retried' : 'neither';
}

export const bury = (services: VideoServices, submissionId: string) =>
  deliver(services, submissionId, { queue: DEAD_LETTER_QUEUE });

export const reread = async (row: SubmissionRow): Promise<SubmissionRow> => {
  const now = await findSubmissionById(openDatabase(env.DB), row.id);
  if (now === null) throw new Error('the submission is gone');
  return now;
};

/** What one submission has come to in the books, and what is left of its recording. */
export async function booksOf({ id, objectKey }: SubmissionRow) {
  const count = async (sql: string) => (await env.DB.prepare(sql).bind(id).first<number>('n')) ?? -1;
  return {
    verdicts: await count(
      `SELECT count(*) AS n FROM verifications WHERE session_id = ?1 AND operation = 'detectVideo'`,
    ),
    charges: await count(`SELECT count(*) AS n FROM credit_entries WHERE reference = 'detectVideo:' || ?1`),
    usageRows: await count(`SELECT count(*) AS n FROM usage_events WHERE session_id = ?1`),
    objects: (await env.VIDEOS.list({ prefix: objectKey })).objects.length,
  };
}

export const ONE_OF_EACH = { verdicts: 1, charges: 1, usageRows: 1, objects: 0 };
export const NOTHING = { verdicts: 0, charges: 0, usageRows: 0, objects: 0 };
