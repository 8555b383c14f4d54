/** The service wants about 10 to 15 frames a second: fewer, and a blink falls between two; more say the same twice. */
export const FRAMES_A_SECOND = 12;
const INTERVAL_MS = 1000 / FRAMES_A_SECOND;
/** A camera's frames come a little early or late; one that is early by this much is on time. */
const SLACK_MS = 6;

/**
 * When the next frame is due if one that comes now is taken; null if it is not. A frame that is late does not move those after it,
 * so that the mean rate holds on a camera whose frames do not fall on our times; after a pause the beat starts anew.
 */
export function dueAfter(dueMs: number | null, nowMs: number): number | null {
  if (dueMs === null) return nowMs + INTERVAL_MS;
  if (nowMs < dueMs - SLACK_MS) return null;
  return nowMs - dueMs > INTERVAL_MS ? nowMs + INTERVAL_MS : dueMs + INTERVAL_MS;
}

/** Frames a second of `count` frames from the first to the last; null where that says nothing. */
export function framesASecond(count: number, firstMs: number, lastMs: number): number | null {
  if (count < 2 || !(lastMs > firstMs)) return null;
  return Math.min(120, Math.round((100_000 * (count - 1)) / (lastMs - firstMs)) / 100);
}
