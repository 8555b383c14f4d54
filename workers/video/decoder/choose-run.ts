/** Frames as close in time as the models know them, beside those that lie evenly over a long clip. */
export interface Run {
  count: number;
  framesPerSecond: number;
}

/** What lies up to so much further apart than a run would still shows how a face moves; beyond it a run is taken. */
const CLOSE_ENOUGH = 1.5;

/** Whether `count` frames evenly over the clip lie too far apart for what is read from one to the next. */
export function needsRun(timesMs: readonly number[], count: number, { framesPerSecond }: Run): boolean {
  return spanOf(timesMs) / count > (CLOSE_ENOUGH * 1000) / framesPerSecond;
}

/**
 * A run in the middle of the clip, where the person neither reaches for the button nor has looked away yet. A camera that is
 * slower gives fewer: the frames that there are in that time. Answers indices, ascending.
 */
export function chooseRun(timesMs: readonly number[], { count, framesPerSecond }: Run): number[] {
  const stepMs = 1000 / framesPerSecond;
  const fromMs = (timesMs[0] ?? 0) + Math.max(0, spanOf(timesMs) - stepMs * (count - 1)) / 2;
  const chosen = new Set<number>();
  let nearest = 0;
  for (let frame = 0; frame < count; frame++) {
    const wantedMs = fromMs + frame * stepMs;
    while (nearest + 1 < timesMs.length && isNearer(timesMs[nearest + 1], timesMs[nearest], wantedMs)) nearest++;
    chosen.add(nearest);
  }
  return [...chosen];
}

/** Whether they lie about as close as they should. */
export function isClose(timesMs: readonly number[], { framesPerSecond }: Run): boolean {
  return spanOf(timesMs) / Math.max(1, timesMs.length - 1) <= (CLOSE_ENOUGH * 1000) / framesPerSecond;
}

function isNearer(candidate = 0, current = 0, wanted = 0): boolean {
  return Math.abs(candidate - wanted) < Math.abs(current - wanted) - 1e-6;
}

function spanOf(timesMs: readonly number[]): number {
  return (timesMs.at(-1) ?? 0) - (timesMs[0] ?? 0);
}
