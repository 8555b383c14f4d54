import { invalidJson, payloadTooLarge } from '#shared/contract/errors.ts';
import { ByteBuffer } from './byte-buffer.ts';
import { parseJsonBytes } from './parse-json-bytes.ts';

const QUOTE = 0x22;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN_BRACKET = 0x5b;
const BACKSLASH = 0x5c;
const CLOSE_BRACKET = 0x5d;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;

export interface SplitLimits {
  /** Of one element of the array. A larger one is skipped, and told by its position. */
  elementBytes: number;
  /** Of everything else together. */
  memberBytes: number;
  depth: number;
}

/** `bytes` are good until the next piece is asked for. */
export type Piece =
  | { kind: 'array'; membersBefore: unknown }
  | { kind: 'element'; position: number; bytes: Uint8Array }
  | { kind: 'oversized'; position: number };

export interface SplitEnd {
  /** The body as `JSON.parse` gives it, the array empty. */
  members: unknown;
  /** Members that the body has more than once; which one counts would be anybody's guess. */
  repeated: string[];
}

/**
 * Cuts the elements of one array member out of a JSON object, however the body is cut into chunks, and holds no more than
 * one element at a time. It knows of JSON only where strings and brackets end: `JSON.parse` then judges each element, and
 * at the end all the rest, so that what it takes for JSON is JSON. (@streamparser/json is about as fast, but it holds a
 * string of any length in memory before anybody can refuse it.)
 */
export class BodySplitter {
  readonly #arrayName: string;
  readonly #limits: SplitLimits;
  readonly #members = new ByteBuffer();
  readonly #element = new ByteBuffer();
  readonly #names = new Set<string>();
  readonly #repeated = new Set<string>();
  #depth = 0;
  #rootIsObject = false;
  #rootIsClosed = false;
  #inArray = false;
  #arrayWasSeen = false;
  #elementCount = 0;
  #elementIsOversized = false;
  #inString = false;
  /** Whether the chunk before ended, within a string, on a backslash that escapes what comes now. */
  #escapes = false;
  /** Where the last string on the level of the members began and ended, in `#members`. */
  #nameStart = 0;
  #nameEnd = 0;
  /** The name whose value comes next. */
  #name: string | null = null;

  constructor(arrayName: string, limits: SplitLimits) {
    this.#arrayName = arrayName;
    this.#limits = limits;
  }

  *push(chunk: Uint8Array): Generator<Piece> {
    let kept = 0;
    let at = 0;
    while (at < chunk.length) {
      if (this.#inString) {
        at = this.#endOfString(chunk, at);
        if (!this.#inString && this.#onMemberLevel()) this.#nameEnd = this.#members.length + at - kept;
        continue;
      }
      const byte = chunk[at] ?? 0;
      at += 1;
      switch (byte) {
        case QUOTE:
          if (this.#onMemberLevel()) this.#nameStart = this.#members.length + at - 1 - kept;
          this.#name = null;
          this.#inString = true;
          break;
        case COLON:
          if (!this.#onMemberLevel()) break;
          this.#keep(chunk, kept, at);
          kept = at;
          this.#name = this.#readName();
          break;
        case OPEN_BRACKET:
        case OPEN_BRACE:
          if (byte === OPEN_BRACKET && this.#startsArray()) {
            this.#keep(chunk, kept, at - 1);
            yield { kind: 'array', membersBefore: this.#parseMembers('[]}') };
            this.#enterArray();
            kept = at;
          } else {
            this.#open(byte);
          }
          this.#name = null;
          break;
        case CLOSE_BRACKET:
        case CLOSE_BRACE:
          if (!this.#betweenElements()) {
            this.#close();
            break;
          }
          if (byte === CLOSE_BRACE) throw invalidJson();
          yield* this.#cutElement(chunk, kept, at - 1, 'last');
          this.#leaveArray();
          kept = at;
          break;
        case COMMA:
          if (!this.#betweenElements()) break;
          yield* this.#cutElement(chunk, kept, at - 1, 'more');
          kept = at;
          break;
        default:
          if (!isWhitespace(byte)) this.#name = null;
      }
    }
    this.#keep(chunk, kept, chunk.length);
  }

  end(): SplitEnd {
    if (this.#inArray) throw invalidJson();
    return { members: this.#parseMembers(''), repeated: [...this.#repeated] };
  }

  /** The index after the string's closing quote, or the end of the chunk. */
  #endOfString(chunk: Uint8Array, start: number): number {
    let from = start;
    for (;;) {
      const quote = chunk.indexOf(QUOTE, from);
      const end = quote === -1 ? chunk.length : quote;
      let run = end;
      while (run > start && chunk[run - 1] === BACKSLASH) run -= 1;
      const carried = run === start && this.#escapes ? 1 : 0;
      const isEscaped = (end - run + carried) % 2 === 1;
      if (quote === -1) {
        this.#escapes = isEscaped;
        return end;
      }
      from = quote + 1;
      if (isEscaped) continue;
      this.#escapes = false;
      this.#inString = false;
      return from;
    }
  }

  #onMemberLevel(): boolean {
    return this.#depth === 1 && !this.#inArray;
  }

  #betweenElements(): boolean {
    return this.#inArray && this.#depth === 2;
  }

  #startsArray(): boolean {
    const isOurs = this.#onMemberLevel() && this.#rootIsObject && !this.#rootIsClosed;
    return isOurs && !this.#arrayWasSeen && this.#name === this.#arrayName;
  }

  #readName(): string | null {
    const name = parseJsonBytes(this.#members.view(this.#nameStart, this.#nameEnd));
    if (typeof name !== 'string') throw invalidJson();
    if (this.#names.has(name)) this.#repeated.add(name);
    this.#names.add(name);
    return name;
  }

  #open(byte: number): void {
    if (this.#depth === 0) this.#rootIsObject = byte === OPEN_BRACE;
    this.#depth += 1;
    if (this.#depth > this.#limits.depth) throw invalidJson(`The body nests deeper than ${this.#limits.depth} levels`);
  }

  #close(): void {
    this.#depth -= 1;
    if (this.#depth < 0) throw invalidJson();
    if (this.#depth === 0) this.#rootIsClosed = true;
  }

  #enterArray(): void {
    this.#inArray = true;
    this.#arrayWasSeen = true;
    this.#depth = 2;
  }

  #leaveArray(): void {
    this.#inArray = false;
    this.#depth = 1;
    this.#members.append(EMPTY_ARRAY);
  }

  *#cutElement(chunk: Uint8Array, from: number, to: number, place: 'more' | 'last'): Generator<Piece> {
    const isWhole = this.#element.length === 0 && !this.#elementIsOversized && to - from <= this.#limits.elementBytes;
    if (!isWhole) this.#keep(chunk, from, to);
    const position = this.#elementCount;
    if (this.#elementIsOversized) {
      yield { kind: 'oversized', position };
    } else {
      const bytes = isWhole ? chunk.subarray(from, to) : this.#element.view(0, this.#element.length);
      if (!bytes.every(isWhitespace)) yield { kind: 'element', position, bytes };
      else if (place === 'more' || position > 0) throw invalidJson();
    }
    this.#elementCount += 1;
    this.#elementIsOversized = false;
    this.#element.clear();
  }

  #keep(chunk: Uint8Array, from: number, to: number): void {
    if (from >= to) return;
    const { elementBytes, memberBytes } = this.#limits;
    if (!this.#inArray) {
      if (this.#members.length + to - from > memberBytes) {
        throw payloadTooLarge(`The members other than ${this.#arrayName} are over the limit of ${memberBytes} bytes`);
      }
      this.#members.append(chunk.subarray(from, to));
    } else if (this.#elementIsOversized || this.#element.length + to - from > elementBytes) {
      this.#elementIsOversized = true;
      this.#element.clear();
    } else {
      this.#element.append(chunk.subarray(from, to));
    }
  }

  #parseMembers(ending: string): unknown {
    return parseJsonBytes(this.#members.view(0, this.#members.length), ending);
  }
}

const EMPTY_ARRAY = new TextEncoder().encode('[]');

function isWhitespace(byte: number): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
}
