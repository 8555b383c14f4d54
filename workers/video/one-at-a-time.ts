/** Longer than any invocation may last: whoever has held the turn for so long was stopped in the middle. */
const LONGEST_TURN_MS = 15 * 60_000;
const LOOK_EVERY_MS = 250;

interface Clock {
  nowMs(): number;
  sleep(ms: number): Promise<void>;
}

/**
 * One piece of work at a time in an isolate, which has 128 MB for all its invocations: a decoder may take 96 of them. Whoever
 * comes second looks again from time to time, for a promise of one invocation must not be waited for in another.
 */
export class OneAtATime {
  #takenAtMs: number | null = null;

  async run<Value>({ nowMs, sleep }: Clock, work: () => Promise<Value>): Promise<Value> {
    while (this.#takenAtMs !== null && nowMs() - this.#takenAtMs < LONGEST_TURN_MS) await sleep(LOOK_EVERY_MS);
    const takenAtMs = nowMs();
    this.#takenAtMs = takenAtMs;
    try {
      return await work();
    } finally {
      if (this.#takenAtMs === takenAtMs) this.#takenAtMs = null;
    }
  }
}
