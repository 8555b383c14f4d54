import { openDatabase } from '#shared/db/database.ts';
import type { WebhookJob } from '#shared/jobs/webhook-job.ts';
import { fetchPublic } from '#shared/public-fetch/fetch-public.ts';
import { createHostResolver } from '#shared/public-fetch/resolve-host.ts';
import type { InferenceService } from '#shared/rpc/inference.ts';
import { announceEvents } from '#shared/webhooks/announce-events.ts';
import { openClip } from './decoder/open-clip.ts';
import videoDecoder from './decoder/video-decoder.wasm';
import { OneAtATime } from './one-at-a-time.ts';
import type { VideoServices } from './process-video.ts';

/** What the platform binds to it; `workers/video/wrangler.toml` is its other half. */
export interface VideoEnv {
  DB: D1Database;
  VIDEOS: R2Bucket;
  INFERENCE: InferenceService;
  WEBHOOK_JOBS: Queue<WebhookJob>;
}

const decoding = new OneAtATime();
const clock = { nowMs: () => Date.now(), sleep: (ms: number) => scheduler.wait(ms) };

export function createVideoServices(env: VideoEnv, later: (work: Promise<unknown>) => void): VideoServices {
  const ports = { fetch, resolveHost: createHostResolver({ fetch }) };
  const database = openDatabase(env.DB);
  const log = (line: Record<string, unknown>) => console.log(JSON.stringify(line));
  const leftToSweep = (error: unknown) => log({ level: 'error', event: 'announcement_failed', reason: String(error) });
  const outbox = { database, webhookJobs: env.WEBHOOK_JOBS };
  return {
    database,
    recordings: env.VIDEOS,
    inference: env.INFERENCE,
    openClip: (source) => openClip(videoDecoder, source),
    inTurn: (work) => decoding.run(clock, work),
    fetchPublic: (url, limits) => fetchPublic(url, limits, ports),
    nowMs: clock.nowMs,
    newId: () => crypto.randomUUID(),
    announce: (organisationId) => later(announceEvents(outbox, organisationId).catch(leftToSweep)),
    log,
  };
}
