import { DIMENSIONS } from '#shared/lib/embedding.ts';
import type { Kernel } from './kernel.ts';
import { type Quantised, quantiseRow, signsOf } from './quantise.ts';

const WASM_PAGE_BYTES = 65_536;
const SIGN_BYTES = DIMENSIONS / 8;
/** Eight pages of codes and one of signs: the memory grows by whole chunks, and nothing in it ever moves. */
export const CHUNK_ROWS = 1024;
const CHUNK_BYTES = CHUNK_ROWS * (DIMENSIONS + SIGN_BYTES);

/** The first page: the query in both its forms, and what the kernel answers for one chunk. */
const QUERY = 0;
const QUERY_SIGNS = QUERY + DIMENSIONS * 2;
const OUT = 4096;

/** What of a chunk is not for the kernel. */
interface Chunk {
  scales: Float32Array;
  residuals: Float32Array;
  keys: Float64Array;
}

export interface PackedRow {
  key: number;
  scale: number;
  residual: number;
}

/** A row for each person, one after the other in the kernel's memory, in no order: the last one fills the gap of one that goes. */
export class PackedMatrix {
  readonly #kernel: Kernel;
  readonly #chunks: Chunk[] = [];
  readonly #rows = new Map<number, number>();

  constructor(kernel: Kernel) {
    this.#kernel = kernel;
  }

  get size(): number {
    return this.#rows.size;
  }

  get memoryBytes(): number {
    return this.#kernel.memory.buffer.byteLength;
  }

  has(key: number): boolean {
    return this.#rows.has(key);
  }

  /** Throws, with nothing changed, where no memory is left. */
  put(key: number, vector: Float32Array): void {
    const packed = quantiseRow(vector);
    const row = this.#rows.get(key) ?? this.#rows.size;
    if (row === this.#chunks.length * CHUNK_ROWS) this.#grow();
    const chunk = this.#chunkOf(row);
    chunk.scales[row % CHUNK_ROWS] = packed.scale;
    chunk.residuals[row % CHUNK_ROWS] = packed.residual;
    chunk.keys[row % CHUNK_ROWS] = key;
    this.#bytes(codesAt(row), DIMENSIONS).set(new Uint8Array(packed.codes.buffer));
    this.#bytes(signsAt(row), SIGN_BYTES).set(signsOf(vector));
    this.#rows.set(key, row);
  }

  remove(key: number): void {
    const row = this.#rows.get(key);
    if (row === undefined) return;
    const last = this.#rows.size - 1;
    const [to, from] = [this.#chunkOf(row), this.#chunkOf(last)];
    const moved = from.keys[last % CHUNK_ROWS] ?? Number.NaN;
    for (const part of ['scales', 'residuals', 'keys'] as const) {
      to[part][row % CHUNK_ROWS] = from[part][last % CHUNK_ROWS] ?? Number.NaN;
    }
    this.#bytes(codesAt(row), DIMENSIONS).set(this.#bytes(codesAt(last), DIMENSIONS));
    this.#bytes(signsAt(row), SIGN_BYTES).set(this.#bytes(signsAt(last), SIGN_BYTES));
    this.#rows.set(moved, row);
    this.#rows.delete(key);
    this.#wipe(last);
  }

  /** The memory is kept, for memory of WebAssembly cannot be given back, and wiped. */
  clear(): void {
    for (let row = 0; row < this.#rows.size; row++) this.#wipe(row);
    this.#rows.clear();
  }

  rowAt(row: number): PackedRow {
    const { keys, scales, residuals } = this.#chunkOf(row);
    const at = row % CHUNK_ROWS;
    return { key: keys[at] ?? Number.NaN, scale: scales[at] ?? Number.NaN, residual: residuals[at] ?? Number.NaN };
  }

  setQuery({ codes }: Quantised<Int16Array>, signs: Uint8Array): void {
    new Int16Array(this.#kernel.memory.buffer, QUERY, DIMENSIONS).set(codes);
    this.#bytes(QUERY_SIGNS, SIGN_BYTES).set(signs);
  }

  /** The scalar products of the query's codes with those of all rows, as many at a time as fit. They are good until the next. */
  *products(): Generator<{ from: number; values: Int32Array }> {
    for (let from = 0; from < this.size; from += CHUNK_ROWS) {
      const count = Math.min(CHUNK_ROWS, this.size - from);
      this.#kernel.products(codesAt(from), count, QUERY, OUT);
      yield { from, values: this.#answers(count) };
    }
  }

  product(row: number): number {
    this.#kernel.products(codesAt(row), 1, QUERY, OUT);
    return this.#answers(1)[0] ?? Number.NaN;
  }

  /** In how many signs each row differs from the query. */
  *distances(): Generator<{ from: number; values: Int32Array }> {
    for (let from = 0; from < this.size; from += CHUNK_ROWS) {
      const count = Math.min(CHUNK_ROWS, this.size - from);
      this.#kernel.distances(signsAt(from), count, QUERY_SIGNS, OUT);
      yield { from, values: this.#answers(count) };
    }
  }

  #answers(count: number): Int32Array {
    return new Int32Array(this.#kernel.memory.buffer, OUT, count);
  }

  #bytes(at: number, length: number): Uint8Array {
    return new Uint8Array(this.#kernel.memory.buffer, at, length);
  }

  #chunkOf(row: number): Chunk {
    const chunk = this.#chunks[Math.floor(row / CHUNK_ROWS)];
    if (!chunk) throw new Error('no such row');
    return chunk;
  }

  #grow(): void {
    this.#kernel.memory.grow(CHUNK_BYTES / WASM_PAGE_BYTES);
    this.#chunks.push({
      scales: new Float32Array(CHUNK_ROWS),
      residuals: new Float32Array(CHUNK_ROWS),
      keys: new Float64Array(CHUNK_ROWS),
    });
  }

  #wipe(row: number): void {
    this.#bytes(codesAt(row), DIMENSIONS).fill(0);
    this.#bytes(signsAt(row), SIGN_BYTES).fill(0);
  }
}

function chunkAt(row: number): number {
  return WASM_PAGE_BYTES + Math.floor(row / CHUNK_ROWS) * CHUNK_BYTES;
}

function codesAt(row: number): number {
  return chunkAt(row) + (row % CHUNK_ROWS) * DIMENSIONS;
}

function signsAt(row: number): number {
  return chunkAt(row) + CHUNK_ROWS * DIMENSIONS + (row % CHUNK_ROWS) * SIGN_BYTES;
}
