import { type ChosenFrame, chooseSample, chooseSparingSample, type SampleRequest } from './choose-sample.ts';
import { MAX_DECODED_PIXELS } from './clip-limits.ts';
import { decodedFrames, planDecoding, planKeyFrames, type Segment, shownKeyFrames } from './decode-plan.ts';
import type { FrameList } from './frame-list.ts';

export interface SamplePlan {
  segments: Segment[];
  /** One for each frame that the segments want, in order. */
  chosen: ChosenFrame[];
}

/** The frames that are wanted; null when decoding up to them costs more than one clip may. */
export function planThrough(list: FrameList, request: SampleRequest, pixels: number): SamplePlan | null {
  const chosen = chooseSample(list.timesMs, request);
  const segments = planDecoding(
    list,
    chosen.map(({ index }) => index),
  );
  return affordable({ segments, chosen }, pixels);
}

/**
 * The next best: key frames alone. Null when there are too few of them, or even they cost too much; and when they are too far
 * apart for a run: what is read from frame to frame would speak against everybody.
 */
export function planSparing(list: FrameList, request: SampleRequest, pixels: number): SamplePlan | null {
  const keys = shownKeyFrames(list);
  if (keys.length < request.count) return null;
  const chosen = chooseSparingSample(
    keys.map(({ timeMs }) => timeMs),
    request,
  );
  if (chosen === null) return null;
  const segments = planKeyFrames(
    keys,
    chosen.map(({ index }) => index),
  );
  return affordable({ segments, chosen }, pixels);
}

function affordable(plan: SamplePlan, pixels: number): SamplePlan | null {
  return decodedFrames(plan.segments) * pixels <= MAX_DECODED_PIXELS ? plan : null;
}
