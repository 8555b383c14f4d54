const SECOND_MS = 1000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;

/** After the first attempt, the second, and so on: about thirty hours in all. The queue waits no longer than the last of them. */
const WAITS_MS = [
  5 * SECOND_MS,
  MINUTE_MS,
  5 * MINUTE_MS,
  30 * MINUTE_MS,
  2 * HOUR_MS,
  5 * HOUR_MS,
  10 * HOUR_MS,
  12 * HOUR_MS,
] as const;

export const MOST_ATTEMPTS = WAITS_MS.length + 1;
export const LONGEST_WAIT_MS = 12 * HOUR_MS;
/** Taken off at most, so that what failed together does not come back together. */
const JITTER = 0.2;

/**
 * How long until the next attempt, `attempts` of them made; null when there is none. `random` lies between 0 and 1. A receiver that
 * names a later time is heard, within what the queue can wait.
 */
export function waitAfterMs(attempts: number, random: number, askedMs = 0): number | null {
  const wait = WAITS_MS[attempts - 1];
  if (wait === undefined) return null;
  const jittered = Math.round(wait * (1 - JITTER * random));
  return Math.min(Math.max(jittered, askedMs), LONGEST_WAIT_MS);
}

/** Of a `Retry-After` in seconds; the other form, a date, is not heard. */
export function askedWaitMs(retryAfter: string | null): number {
  return retryAfter !== null && /^\d{1,6}$/.test(retryAfter.trim()) ? Number(retryAfter) * SECOND_MS : 0;
}
