/** A screen reader is not interrupted more often: polite is not enough where texts change with each movement of the head. */
const PAUSE_MS = 1500;

export interface Announced {
  /** What was said last, and when. */
  said: string;
  saidAtMs: number;
}

export const NOTHING_SAID: Announced = { said: '', saidAtMs: Number.NEGATIVE_INFINITY };

/** What is said now of the text that is on the screen, and after how long to ask again if nothing is. */
export function announce(before: Announced, text: string, atMs: number): { now: Announced; againInMs: number | null } {
  if (text === before.said) return { now: before, againInMs: null };
  const passedMs = atMs - before.saidAtMs;
  if (passedMs < PAUSE_MS) return { now: before, againInMs: PAUSE_MS - passedMs };
  return { now: { said: text, saidAtMs: atMs }, againInMs: null };
}
