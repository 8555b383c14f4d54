import { openDatabase } from '#shared/db/database.ts';
import { fetchPublic } from '#shared/public-fetch/fetch-public.ts';
import { createHostResolver } from '#shared/public-fetch/resolve-host.ts';
import type { InferenceService } from '#shared/rpc/inference.ts';
import { openClip } from './decoder/open-clip.ts';
import videoDecoder from './decoder/video-decoder.wasm';
import { OneAtATime } from './one-at-a-time.ts';
import type { VideoServices } from './process-video.ts';

/** What the platform binds to it; `workers/video/wrangler.toml` is its other half. */
export interface VideoEnv {
  DB: D1Database;
  VIDEOS: R2Bucket;
  INFERENCE: InferenceService;
}

const decoding = new OneAtATime();
const clock = { nowMs: () => Date.now(), sleep: (ms: number) => scheduler.wait(ms) };

export function createVideoServices(env: VideoEnv): VideoServices {
  const ports = { fetch, resolveHost: createHostResolver({ fetch }) };
  return {
    database: openDatabase(env.DB),
    recordings: env.VIDEOS,
    inference: env.INFERENCE,
    openClip: (source) => openClip(videoDecoder, source),
    inTurn: (work) => decoding.run(clock, work),
    fetchPublic: (url, limits) => fetchPublic(url, limits, ports),
    nowMs: clock.nowMs,
    newId: () => crypto.randomUUID(),
    log: (line) => console.log(JSON.stringify(line)),
  };
}
