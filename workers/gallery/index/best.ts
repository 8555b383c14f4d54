export interface Scored {
  key: number;
  score: number;
}

/** Best first; of equal ones the lower key, who was enrolled first. */
export function byScore(a: Scored, b: Scored): number {
  return b.score - a.score || a.key - b.key;
}

/** The best few of many, in order. They are few, so a place is found by going along them. */
export class Best {
  readonly #count: number;
  readonly #kept: Scored[] = [];

  constructor(count: number) {
    this.#count = count;
  }

  /** What the last of them has, and one more must reach to count; anything while there is room. */
  get threshold(): number {
    return this.#kept.length < this.#count
      ? Number.NEGATIVE_INFINITY
      : (this.#kept.at(-1)?.score ?? Number.POSITIVE_INFINITY);
  }

  get kept(): readonly Scored[] {
    return this.#kept;
  }

  offer(one: Scored): void {
    if (one.score < this.threshold) return;
    let at = this.#kept.length;
    for (let before = this.#kept[at - 1]; before && byScore(one, before) < 0; before = this.#kept[at - 1]) at--;
    this.#kept.splice(at, 0, one);
    if (this.#kept.length > this.#count) this.#kept.pop();
  }
}
