import { chooseFrames } from './choose-frames.ts';
import { chooseRun, isClose, needsRun, type Run } from './choose-run.ts';

/** What is wanted of a clip. */
export interface SampleRequest {
  /** Frames evenly over it. */
  count: number;
  run: Run | null;
}

export interface ChosenFrame {
  /** Among the frames of the clip, or among its key frames. */
  index: number;
  /** One of those that lie evenly over the clip. */
  isSpread: boolean;
  isInRun: boolean;
}

/** In the order of time. Without a run where the frames lie close enough as they are. */
export function chooseSample(timesMs: readonly number[], { count, run }: SampleRequest): ChosenFrame[] {
  const spread = new Set(chooseFrames(timesMs, count));
  const inRun = new Set(run !== null && needsRun(timesMs, count, run) ? chooseRun(timesMs, run) : []);
  return [...spread.union(inRun)]
    .sort((a, b) => a - b)
    .map((index) => ({ index, isSpread: spread.has(index), isInRun: inRun.has(index) }));
}

/** Of key frames alone. null where they lie too far apart to give a run that is needed. */
export function chooseSparingSample(timesMs: readonly number[], request: SampleRequest): ChosenFrame[] | null {
  const chosen = chooseSample(timesMs, request);
  const runMs = chosen.flatMap(({ index, isInRun }) => (isInRun ? (timesMs[index] ?? []) : []));
  return runMs.length === 0 || (request.run !== null && isClose(runMs, request.run)) ? chosen : null;
}
