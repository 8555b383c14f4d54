/** Decides, frame by frame as they are decoded, which to take. */
export class WantedFrames {
  readonly #wantedMs: readonly number[];
  #due = 0;
  #taken = 0;
  #replaced = 0;
  #lastTakenMs = Number.NEGATIVE_INFINITY;

  /** Ascending. */
  constructor(wantedMs: readonly number[]) {
    this.#wantedMs = wantedMs;
  }

  /**
   * Whether to take the frame: each wanted one, and for each that was damaged or missing, the next sound one. None is
   * taken twice, should a seek have gone back too far.
   */
  offer(timeMs: number, isTainted: boolean): boolean {
    while (this.#due < this.#wantedMs.length && (this.#wantedMs[this.#due] ?? 0) <= timeMs) this.#due++;
    if (isTainted || this.#taken >= this.#due || timeMs <= this.#lastTakenMs) return false;
    if (timeMs > (this.#wantedMs[this.#taken] ?? 0)) this.#replaced++;
    this.#taken++;
    this.#lastTakenMs = timeMs;
    return true;
  }

  get taken(): number {
    return this.#taken;
  }

  /** How many of those taken stand in for another. */
  get replaced(): number {
    return this.#replaced;
  }
}
