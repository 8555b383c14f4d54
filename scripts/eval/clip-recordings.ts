import type { Networks } from '../../workers/inference/frame/networks.ts';
import type { LabelledClip } from '../calibrate/read-manifest.ts';
import { clipFps, clipFrames } from '../native/clip-frames.ts';
import { type Cutting, cutRecordings } from './cut-recordings.ts';
import { type EncodedFrame, FrameEncoder, type Recording, recordingOf } from './recording.ts';

const DECODED_SIDE = 1280;
/** A body may have 100 MB: the more frames, the smaller they must be, as a client's would have to be. */
const LARGEST_SIDES = [
  { upToFrames: 30, side: DECODED_SIDE },
  { upToFrames: 120, side: 640 },
  { upToFrames: Number.POSITIVE_INFINITY, side: 400 },
];
/** Frames are counted on pictures of this size, which costs little more than decoding. */
const COUNTING_SIDE = 16;
const FASTEST_FPS = 30;

/** Frames of a clip lie evenly at `fps`, whatever the file has. */
export interface Timeline {
  fps: number;
  frameCount: number;
}

/** No frames when the file cannot be read. */
export async function timelineOf(clip: LabelledClip): Promise<Timeline> {
  const fps = Math.min(clipFps(clip.path), FASTEST_FPS);
  let frameCount = 0;
  for await (const _frame of clipFrames(clip.path, { fps, largestSide: COUNTING_SIDE })) frameCount++;
  return { fps, frameCount };
}

export async function clipRecordings(
  clip: LabelledClip,
  { fps: clipRate, frameCount }: Timeline,
  cutting: Cutting & { withCrops: boolean },
  networks: Networks,
): Promise<Recording[]> {
  const wanted = cutRecordings(frameCount, clipRate, cutting);
  const needed = new Set(wanted.flat());
  const largestSide = LARGEST_SIDES.find(({ upToFrames }) => cutting.count <= upToFrames)?.side ?? DECODED_SIDE;
  const encoder = new FrameEncoder(networks, { withCrops: cutting.withCrops, largestSide });
  const encoded = new Map<number, EncodedFrame>();
  let index = 0;
  if (needed.size > 0) {
    for await (const picture of clipFrames(clip.path, { fps: clipRate, largestSide: DECODED_SIDE })) {
      if (needed.has(index)) encoded.set(index, await encoder.encode(picture));
      index++;
      if (encoded.size === needed.size) break;
    }
  }
  const { file, source, label } = clip;
  const named = { file, source, label, fps: Math.min(cutting.fps, clipRate) };
  return wanted.map((indices) =>
    recordingOf(
      named,
      indices.flatMap((i) => encoded.get(i) ?? []),
    ),
  );
}
