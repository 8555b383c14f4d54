import { recordingPace } from '../../models/recording-pace.ts';
import type { RegisteredModel } from '../../models/registry.ts';
import type { Networks } from '../../workers/inference/frame/networks.ts';
import type { LabelledClip } from '../calibrate/read-manifest.ts';
import { clipRecordings, timelineOf } from './clip-recordings.ts';
import type { EvalOptions } from './eval-options.ts';
import type { NotTested } from './evaluate.ts';
import type { Recording } from './recording.ts';
import { stillOf, stillRecordings } from './still-recordings.ts';

/** A recording, and the models that take as many frames. */
export type PreparedRecording =
  | { ok: true; recording: Recording; models: readonly RegisteredModel[] }
  | { ok: false; notTested: NotTested };

export interface Preparation {
  networks: Networks;
  progress(line: string): void;
}

/** Every clip, cut for every length that the models need; of live ones also a still, injected. */
export async function* prepareRecordings(
  clips: readonly LabelledClip[],
  options: EvalOptions,
  preparation: Preparation,
): AsyncGenerator<PreparedRecording> {
  for (const [i, clip] of clips.entries()) {
    preparation.progress(`${i + 1} of ${clips.length}: ${clip.file}`);
    yield* prepareClip(clip, options, preparation);
  }
}

async function* prepareClip(
  clip: LabelledClip,
  options: EvalOptions,
  { networks }: Preparation,
): AsyncGenerator<PreparedRecording> {
  const { file, label } = clip;
  const notTested = (reason: string): PreparedRecording => ({ ok: false, notTested: { file, label, reason } });
  const timeline = await timelineOf(clip);
  if (timeline.frameCount === 0) return yield notTested('the clip cannot be read');
  const still = label === 'live' ? await stillOf(clip, timeline, networks) : null;
  if (label === 'live' && still === null) yield notTested('no face to make a still of');
  const withCrops = options.endpoints.includes('fast-check-crops');
  for (const [count, models] of Map.groupBy(options.models, ({ minFrames }) => minFrames)) {
    const fps = options.fps ?? recordingPace(count);
    const cutting = { count, fps, atMost: options.windows, withCrops };
    const recordings = await clipRecordings(clip, timeline, cutting, networks);
    for (const recording of recordings) yield { ok: true, recording, models };
    if (recordings.length === 0) yield notTested(`too short for ${count} frames at ${fps} a second`);
    else if (still !== null) {
      for await (const recording of stillRecordings(clip, still, cutting, networks)) {
        yield { ok: true, recording, models };
      }
    }
  }
}
