import type { HintCode } from './hints.ts';

/** A hint must apply for this long before it is shown: one frame that is judged wrongly says nothing. */
const SETTLE_MS = 350;
/** And stays this long, so that it can be read. */
const STAY_MS = 1000;

export interface ShownHint {
  shown: HintCode | null;
  shownSinceMs: number;
  /** What the newest frames say, and since when they all do. */
  next: HintCode | null;
  nextSinceMs: number;
}

export function firstHint(atMs: number): ShownHint {
  return { shown: null, shownSinceMs: atMs - STAY_MS, next: null, nextSinceMs: atMs };
}

/** After one more frame. Nothing flickers: what is shown changes at most once in STAY_MS, except for what must be told at once. */
export function afterFrame(state: ShownHint, problem: HintCode | null, atMs: number): ShownHint {
  const nextSinceMs = problem === state.next ? state.nextSinceMs : atMs;
  const waiting = { ...state, next: problem, nextSinceMs };
  if (problem === state.shown) return waiting;
  const isSettled = atMs - nextSinceMs >= SETTLE_MS;
  const wasRead = state.shown === null || atMs - state.shownSinceMs >= STAY_MS;
  return isSettled && wasRead ? showHint(problem, atMs) : waiting;
}

/** Without waiting: a capture has begun, or was broken off, and the person has to know why. */
export function showHint(hint: HintCode | null, atMs: number): ShownHint {
  return { shown: hint, shownSinceMs: atMs, next: hint, nextSinceMs: atMs };
}
