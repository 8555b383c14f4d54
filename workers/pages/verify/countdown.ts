/** Where something is said aloud: more often would only disturb. */
const ANNOUNCED_AT_SECONDS = [60, 15] as const;

export interface TimeLeft {
  minutes: number;
  seconds: number;
}

export function secondsLeft(expiresAtMs: number, nowMs: number): number {
  return Math.max(0, Math.round((expiresAtMs - nowMs) / 1000));
}

export function timeLeft(totalSeconds: number): TimeLeft {
  return { minutes: Math.floor(totalSeconds / 60), seconds: totalSeconds % 60 };
}

/** The mark that was passed between two looks at the clock; null for most. */
export function passedMark(beforeSeconds: number, nowSeconds: number): number | null {
  return ANNOUNCED_AT_SECONDS.find((mark) => nowSeconds > 0 && beforeSeconds > mark && nowSeconds <= mark) ?? null;
}
