import { invalidForm, type PartHead, parsePartHead } from './multipart-headers.ts';

const CR = 0x0d;
const LF = 0x0a;
const DASH = 0x2d;
const LINE_BREAK_BYTES = 2;

export const MAX_PARTS = 32;
export const MAX_HEAD_BYTES = 8 * 1024;

/** `bytes` are good until the next piece is asked for. */
export type FormPiece =
  | { kind: 'head'; head: PartHead }
  | { kind: 'data'; bytes: Uint8Array }
  | { kind: 'end' }
  | { kind: 'close' };

/**
 * Cuts a `multipart/form-data` body (RFC 7578) into its parts, however it is cut into chunks, and holds no more than the
 * headers of one part. (@fastify/busboy needs Node's streams, which copy and queue: for 100 MB in workerd it took 0.55 s and
 * 150 MB of memory, this 0.25 s and 30 MB. It also leaves out without a word what it finds malformed or over a limit.)
 */
export class MultipartSplitter {
  /** With the line break before it, which belongs to it and not to the data. */
  readonly #delimiter: Uint8Array;
  readonly #head = new Uint8Array(MAX_HEAD_BYTES);
  #headLength = 0;
  #state: 'preamble' | 'head' | 'data' | 'closed' = 'preamble';
  /** How much of the delimiter the last bytes were; these are held back until it is known whether they are it. */
  #matched = LINE_BREAK_BYTES;
  /** How much of that never came: at the start of body or part a boundary needs no line break of its own. */
  #imagined = LINE_BREAK_BYTES;
  #partCount = 0;

  constructor(boundary: string) {
    this.#delimiter = new TextEncoder().encode(`\r\n--${boundary}`);
  }

  *push(chunk: Uint8Array): Generator<FormPiece> {
    let at = 0;
    while (at < chunk.length) {
      if (this.#state === 'closed') return;
      at = this.#state === 'head' ? yield* this.#takeHead(chunk, at) : yield* this.#takeData(chunk, at);
    }
  }

  end(): void {
    if (this.#state !== 'closed') throw invalidForm('The form ends before its closing boundary');
  }

  *#takeHead(chunk: Uint8Array, start: number): Generator<FormPiece, number> {
    for (let at = start; at < chunk.length; at++) {
      if (this.#headLength === MAX_HEAD_BYTES) {
        throw invalidForm(`The headers of a part are over the limit of ${MAX_HEAD_BYTES} bytes`);
      }
      this.#head[this.#headLength] = chunk[at] ?? 0;
      this.#headLength += 1;
      if (this.#isClosing()) {
        this.#state = 'closed';
        yield { kind: 'close' };
        return chunk.length;
      }
      if (!this.#isWholeHead()) continue;
      this.#partCount += 1;
      if (this.#partCount > MAX_PARTS) throw invalidForm(`The form has more than ${MAX_PARTS} parts`);
      this.#state = 'data';
      this.#matched = LINE_BREAK_BYTES;
      this.#imagined = LINE_BREAK_BYTES;
      yield { kind: 'head', head: parsePartHead(this.#head.subarray(0, this.#headLength), this.#partCount) };
      return at + 1;
    }
    return chunk.length;
  }

  #isClosing(): boolean {
    return this.#headLength === 2 && this.#head[0] === DASH && this.#head[1] === DASH;
  }

  #isWholeHead(): boolean {
    const [a, b, c, d] = this.#head.subarray(Math.max(0, this.#headLength - 4), this.#headLength);
    return a === CR && b === LF && c === CR && d === LF;
  }

  *#takeData(chunk: Uint8Array, start: number): Generator<FormPiece, number> {
    let at = start;
    if (this.#matched > 0) {
      at = this.#matchOn(chunk, at);
      if (this.#isDelimiter()) {
        yield* this.#endPart();
        return at;
      }
      if (at === chunk.length) return at;
      const held = this.#delimiter.subarray(this.#imagined, this.#matched);
      this.#matched = 0;
      this.#imagined = 0;
      yield* this.#give(held);
    }
    const from = at;
    for (;;) {
      const lineEnd = chunk.indexOf(CR, at);
      const end = lineEnd === -1 ? chunk.length : lineEnd;
      // The delimiter has its one CR at its start, so what follows a mismatch is looked at afresh.
      at = this.#matchOn(chunk, end);
      if (this.#isDelimiter() || at === chunk.length) {
        yield* this.#give(chunk.subarray(from, end));
        if (this.#isDelimiter()) yield* this.#endPart();
        return at;
      }
      this.#matched = 0;
    }
  }

  /** The index of the first byte that does not go on with the delimiter. */
  #matchOn(chunk: Uint8Array, start: number): number {
    let at = start;
    while (at < chunk.length && !this.#isDelimiter() && chunk[at] === this.#delimiter[this.#matched]) {
      at += 1;
      this.#matched += 1;
    }
    return at;
  }

  #isDelimiter(): boolean {
    return this.#matched === this.#delimiter.length;
  }

  *#give(bytes: Uint8Array): Generator<FormPiece> {
    if (this.#state === 'data' && bytes.length > 0) yield { kind: 'data', bytes };
  }

  *#endPart(): Generator<FormPiece> {
    const isPart = this.#state === 'data';
    this.#state = 'head';
    this.#headLength = 0;
    this.#matched = 0;
    this.#imagined = 0;
    if (isPart) yield { kind: 'end' };
  }
}
