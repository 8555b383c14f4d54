/** Whoever keeps a matrix that can be made anew. */
export interface MatrixHolder {
  letGo(): void;
}

/**
 * Shards that the platform puts into one isolate share its memory, and one too many would end them all. So whoever was asked longest
 * ago lets go of its matrix, and is slow the next time: a second or so for a full one.
 */
export class MatrixBudget {
  readonly #mostBytes: number;
  /** The one who was asked last is last. */
  readonly #held = new Map<MatrixHolder, number>();

  constructor(mostBytes: number) {
    this.#mostBytes = mostBytes;
  }

  /** Called before each use, and when a matrix has grown. One that is larger than all there is stays alone. */
  use(holder: MatrixHolder, bytes: number): void {
    this.#held.delete(holder);
    for (const other of this.#held.keys()) {
      if (this.#bytes + bytes <= this.#mostBytes) break;
      this.#held.delete(other);
      other.letGo();
    }
    this.#held.set(holder, bytes);
  }

  release(holder: MatrixHolder): void {
    this.#held.delete(holder);
  }

  get #bytes(): number {
    return this.#held.values().reduce((sum, bytes) => sum + bytes, 0);
  }
}
