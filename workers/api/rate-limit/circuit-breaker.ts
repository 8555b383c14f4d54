/** Handed out on entry, handed back with the outcome. */
export interface Attempt {
  generation: number;
}

/**
 * Closed: everyone may try. Open, after a failure: nobody for `openMs`, then one at a time as a probe, while the others
 * still stay out. Time comes from the caller.
 *
 * Each change of state begins a generation, and outcomes of an earlier one are ignored: what a request that set out
 * before the outage reports late neither closes the breaker nor opens it again.
 */
export class CircuitBreaker {
  readonly #openMs: number;
  #openedAt: number | undefined;
  #generation = 0;

  constructor(openMs: number) {
    this.#openMs = openMs;
  }

  /** `undefined` when nobody should try now. */
  enter(now: number): Attempt | undefined {
    if (this.#openedAt === undefined) return { generation: this.#generation };
    const elapsed = now - this.#openedAt;
    // A clock that went back counts as elapsed: one probe too many, instead of staying open for as long as it was off.
    if (elapsed >= 0 && elapsed < this.#openMs) return undefined;
    // The next period starts with the probe, not after it: a probe whose request was cancelled never reports.
    this.#openedAt = now;
    this.#generation += 1;
    return { generation: this.#generation };
  }

  /** Whether this closed the breaker. */
  succeeded(attempt: Attempt): boolean {
    if (attempt.generation !== this.#generation || this.#openedAt === undefined) return false;
    this.#openedAt = undefined;
    return true;
  }

  /** Whether this opened the breaker. A failed probe does not: it was open, the outage goes on. */
  failed(attempt: Attempt, now: number): boolean {
    if (attempt.generation !== this.#generation) return false;
    const wasClosed = this.#openedAt === undefined;
    this.#openedAt = now;
    this.#generation += 1;
    return wasClosed;
  }
}
