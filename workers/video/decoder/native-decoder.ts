import type { BlockReader } from './block-reader.ts';
import { type DecoderExports, instantiateDecoder } from './decoder-exports.ts';
import { type DecoderFailure, failureOf } from './decoder-failure.ts';
import type { ListedFrame } from './frame-list.ts';
import type { DisplayMatrix } from './orientation.ts';
import type { Picture } from './picture.ts';
import type { PixelAspect, Size } from './picture-size.ts';
import { VideoRefused } from './video-refused.ts';

export interface StreamFacts extends Size {
  aspect: PixelAspect;
  matrix: DisplayMatrix;
  /** Whether frames carry times; AVI only has an order. */
  hasTimes: boolean;
  /** As the container says it, of the longest of its streams; 0 where it does not. */
  containerDurationMs: number;
}

/** A decoded frame, until the next call. */
export interface DecodedFrame extends Size {
  timeMs: number;
  /** Damaged, or built upon what was. */
  isTainted: boolean;
}

export type Step =
  | { kind: 'frame'; frame: DecodedFrame }
  | { kind: 'end' }
  | { kind: 'failed'; failure: DecoderFailure };

const LISTED_NUMBERS = 3;
const IS_KEY = 1;
const IS_HIDDEN = 2;

/** One clip in one instance of the WebAssembly, which is never used again. */
export class NativeDecoder {
  readonly #exports: DecoderExports;
  readonly #reader: BlockReader;

  constructor(module: WebAssembly.Module, reader: BlockReader) {
    this.#reader = reader;
    this.#exports = instantiateDecoder(module, reader);
  }

  get memoryBytes(): number {
    return this.#exports.memory.buffer.byteLength;
  }

  async open(maxPixels: number): Promise<DecoderFailure | null> {
    const code = await this.#suspendable(this.#exports.vd_open, this.#reader.sizeBytes, maxPixels);
    return code < 0 ? failureOf(code) : null;
  }

  /** Gives back the pictures that the decoder holds, and from now on decodes key frames only, one for each `seek`. */
  restartForKeyFrames(): DecoderFailure | null {
    const code = this.#guarded(() => this.#exports.vd_restart(1));
    return code < 0 ? failureOf(code) : null;
  }

  facts(): StreamFacts {
    const numbers = new Int32Array(this.#exports.memory.buffer, this.#exports.vd_info(), 10);
    const [width = 0, height = 0, across = 0, down = 0, a = 0, b = 0, c = 0, d = 0, hasTimes = 0, durationMs = 0] =
      numbers;
    const aspect = { width: across, height: down };
    return { width, height, aspect, matrix: { a, b, c, d }, hasTimes: hasTimes === 1, containerDurationMs: durationMs };
  }

  codecName(): string {
    return this.#text(this.#exports.vd_codec());
  }

  demuxerName(): string {
    return this.#text(this.#exports.vd_container());
  }

  brand(): string {
    return this.#text(this.#exports.vd_brand());
  }

  /** Once. `seek` must follow. */
  async listFrames(limit: number, maxSpanMs: number): Promise<ListedFrame[] | DecoderFailure> {
    const count = await this.#suspendable(this.#exports.vd_list, limit, maxSpanMs);
    if (count < 0) return failureOf(count);
    const numbers = new Float64Array(this.#exports.memory.buffer, this.#exports.vd_listed(), count * LISTED_NUMBERS);
    return Array.from({ length: count }, (_, index) => {
      const [timeMs = 0, seekTo = 0, flags = 0] = numbers.subarray(index * LISTED_NUMBERS);
      return { timeMs, seekTo, isKey: (flags & IS_KEY) !== 0, isHidden: (flags & IS_HIDDEN) !== 0 };
    });
  }

  async seek(seekTo: number): Promise<DecoderFailure | null> {
    const code = await this.#suspendable(this.#exports.vd_seek, seekTo);
    return code < 0 ? failureOf(code) : null;
  }

  async next(): Promise<Step> {
    const code = await this.#suspendable(this.#exports.vd_next);
    if (code < 0) return { kind: 'failed', failure: failureOf(code) };
    if (code === 0) return { kind: 'end' };
    const { vd_time, vd_tainted, vd_width, vd_height } = this.#exports;
    const frame = { timeMs: vd_time(), isTainted: vd_tainted() !== 0, width: vd_width(), height: vd_height() };
    return { kind: 'frame', frame };
  }

  /** The frame at hand, as a view of the decoder's memory that holds until the next call; null when there was no room. */
  picture({ width, height }: Size): Picture | null {
    const address = this.#guarded(() => this.#exports.vd_rgba(width, height));
    if (address === 0) return null;
    return { width, height, rgba: new Uint8Array(this.#exports.memory.buffer, address, width * height * 4) };
  }

  async #suspendable(exported: (...values: number[]) => number, ...values: number[]): Promise<number> {
    try {
      return await WebAssembly.promising(exported)(...values);
    } catch (error) {
      throw this.#reader.failure()?.reason ?? trapped(error);
    }
  }

  #guarded(call: () => number): number {
    try {
      return call();
    } catch (error) {
      throw trapped(error);
    }
  }

  #text(address: number): string {
    const memory = new Uint8Array(this.#exports.memory.buffer);
    return new TextDecoder('latin1').decode(memory.slice(address, memory.indexOf(0, address)));
  }
}

/** The sandbox held: a file made the decoder stumble, and would do so again. */
function trapped(error: unknown): VideoRefused {
  const refused = new VideoRefused('damaged', 'The video is damaged: the decoder gave up on it.');
  refused.cause = error;
  return refused;
}
