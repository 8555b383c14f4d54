import type { RateLimitDecision } from '#shared/rpc/rate-limiter.ts';

/**
 * A sliding window in a bounded state: the window is cut into 60 buckets (1 s each for a minute) that hold counts, never
 * times, so a limit of a million costs as much as a limit of one.
 *
 * Exact upper bound: a bucket counts in full until the last moment that it covers has left the window, so no interval of
 * `windowMs` lets more than `limit` through. The price is that a slot comes back late, by up to one bucket (under two
 * where 60 does not divide the window, since buckets are whole milliseconds).
 */
const BUCKETS = 60;

/** Plain numbers only: it is stored as it is. */
export interface SlidingWindow {
  windowMs: number;
  /** Number of the newest bucket, counted from the epoch. */
  newest: number;
  /** `counts[age]` requests passed in bucket `newest - age`. At most one entry more than the window has buckets. */
  counts: number[];
}

export interface WindowRequest {
  limit: number;
  windowMs: number;
}

/** One more request at `now`. Only a request that passes is counted; a denied one costs its sender nothing. */
export function takeFromWindow(
  window: SlidingWindow | undefined,
  { limit, windowMs }: WindowRequest,
  now: number,
): { window: SlidingWindow; decision: RateLimitDecision } {
  const advanced = advance(window, windowMs, now);
  const allowed = total(advanced) < limit;
  const next = allowed ? countOne(advanced) : advanced;
  const remaining = Math.max(0, limit - total(next));
  return {
    window: next,
    decision: {
      allowed,
      limit,
      remaining,
      retryAfterSeconds: remaining > 0 ? 0 : secondsUntil(nextSlotAt(next, limit), now),
      resetSeconds: secondsUntil(windowEmptyAt(next), now),
    },
  };
}

/** When nothing of the window counts any more, in milliseconds since the epoch. */
export function windowEmptyAt(window: SlidingWindow): number {
  return leavesAt(
    window,
    window.counts.findIndex((count) => count > 0),
  );
}

function advance(window: SlidingWindow | undefined, windowMs: number, now: number): SlidingWindow {
  const bucket = Math.floor(now / bucketMs(windowMs));
  if (window === undefined) return { windowMs, newest: bucket, counts: [0] };
  if (window.windowMs !== windowMs) {
    // Another length: what still counts is taken as having passed just now, so a change of plan frees nothing early.
    return { windowMs, newest: bucket, counts: [total(advance(window, window.windowMs, now))] };
  }
  const steps = bucket - window.newest;
  // The clock went back by more than a window: it was wrong before. The counts keep their age and time goes on from
  // here; to wait until the clock has caught up could lock an identifier out for hours.
  if (steps < -spans(windowMs)) return { ...window, newest: bucket };
  // The clock went back a little: time stands still until it has caught up, so no slot comes back early.
  if (steps <= 0) return window;
  if (steps > spans(windowMs)) return { windowMs, newest: bucket, counts: [0] };
  const counts = [...new Array<number>(steps).fill(0), ...window.counts].slice(0, spans(windowMs) + 1);
  return { windowMs, newest: bucket, counts };
}

function countOne(window: SlidingWindow): SlidingWindow {
  const [newest = 0, ...older] = window.counts;
  return { ...window, counts: [newest + 1, ...older] };
}

/** When so many buckets have left that one more request fits. With a limit of 0 it never does: then, when all have left. */
function nextSlotAt(window: SlidingWindow, limit: number): number {
  let excess = total(window) - limit + 1;
  for (let age = window.counts.length - 1; age >= 0; age--) {
    excess -= window.counts[age] ?? 0;
    if (excess <= 0) return leavesAt(window, age);
  }
  return leavesAt(window, 0);
}

function leavesAt(window: SlidingWindow, age: number): number {
  return (window.newest - age + spans(window.windowMs) + 1) * bucketMs(window.windowMs);
}

function secondsUntil(at: number, now: number): number {
  return Math.max(1, Math.ceil((at - now) / 1000));
}

function bucketMs(windowMs: number): number {
  return Math.ceil(windowMs / BUCKETS);
}

/** How many buckets cover the window; rounding them up to whole milliseconds can make it fewer than 60. */
function spans(windowMs: number): number {
  return Math.ceil(windowMs / bucketMs(windowMs));
}

function total(window: SlidingWindow): number {
  return window.counts.reduce((sum, count) => sum + count, 0);
}
