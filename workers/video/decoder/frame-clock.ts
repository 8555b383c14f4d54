import type { FrameList, KeyFrame } from './frame-list.ts';

/**
 * The time of each frame that comes out of the decoder. Where the container gives frames no times (AVI), or gives them out
 * of order (MPEG-4 put into MP4 by careless hands), the n-th after a seek is the n-th listed after that key frame. A frame
 * that is lost to damage then makes the rest of its run a frame early.
 */
export class FrameClock {
  readonly #list: FrameList;
  #hasTimes: boolean;
  readonly #frameMs: number;
  #next = 0;
  #lastMs = 0;

  constructor(list: FrameList, hasTimes: boolean) {
    this.#list = list;
    this.#hasTimes = hasTimes;
    this.#frameMs = list.durationMs / Math.max(1, list.timesMs.length);
  }

  startAt(key: KeyFrame): void {
    this.#next = key.shownBefore;
    this.#lastMs = Number.NEGATIVE_INFINITY;
  }

  /** `statedMs` is NaN where the decoder knows none. */
  tick(statedMs: number): number {
    const listedMs = this.#list.timesMs[this.#next] ?? Number.NaN;
    this.#next++;
    if (statedMs < this.#lastMs) this.#hasTimes = false;
    const timeMs = this.#hasTimes ? statedMs : listedMs;
    this.#lastMs = Number.isNaN(timeMs) ? this.#afterLast(listedMs) : timeMs;
    return this.#lastMs;
  }

  #afterLast(listedMs: number): number {
    return Number.isFinite(this.#lastMs) ? this.#lastMs + this.#frameMs : listedMs;
  }
}
