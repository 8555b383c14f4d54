import { MAX_PIXELS_LENGTH } from '#shared/contract/checks.ts';
import { type Problem, problemsOf, validationFailure } from '#shared/contract/validation.ts';
import { sha256Hex } from '#shared/lib/hash.ts';
import type { FrameEvidence, InferenceService, PictureOutcome, PictureProblem } from '#shared/rpc/inference.ts';
import type { FrameDoor } from './check-door.ts';
import { MAX_FRAMES, MAX_PROBLEMS } from './check-limits.ts';
import { tooManyFrames } from './check-members.ts';
import { decodePicture } from './decode-picture.ts';
import { parseJsonBytes } from './parse-json-bytes.ts';
import { PictureAnalysis } from './picture-analysis.ts';
import { PictureSample } from './picture-sample.ts';
import type { Piece } from './split-body.ts';

export interface TakenFrame {
  index: number;
  timestampMs: number | null;
  digest: string;
  /** False when the pixels are no base64, so that inference never sees them. */
  hasBytes: boolean;
  evidence: FrameEvidence | null;
}

type ReadItem = Pick<TakenFrame, 'index' | 'timestampMs'> & { pixels: string };
export type CutFrame = Exclude<Piece, { kind: 'array' }>;

/** Takes frame after frame: checks each, remembers what it was, hands its picture to inference and lets it go. */
export class FrameIntake {
  readonly #door: FrameDoor;
  readonly #analysis: PictureAnalysis;
  readonly #indices = new Set<number>();
  /** Whether frames say their index; the first one decides for all. */
  #isNumbered: boolean | null = null;
  readonly #sent = new Map<number, { frame: TakenFrame; position: number }>();
  readonly #frames: TakenFrame[] = [];
  readonly #sample: PictureSample;
  #analyses = true;
  readonly problems: Problem[] = [];
  /** Frames of any kind, in order or not. */
  count = 0;
  mostFrames = MAX_FRAMES;
  /** The first that was found to be no picture. */
  unreadable: { index: number; problem: PictureProblem } | null = null;

  constructor(door: FrameDoor, inference: InferenceService, nowMs: () => number, picturesToKeep = 0) {
    this.#sample = new PictureSample(picturesToKeep);
    this.#door = door;
    const onOutcome = (ordinal: number, outcome: PictureOutcome) => this.#settle(ordinal, outcome);
    this.#analysis = new PictureAnalysis({ inference, kind: door.kind, nowMs, onOutcome });
  }

  /** Some of the pictures, as they came. */
  get kept(): Uint8Array[] {
    return this.#sample.pictures;
  }

  get analyses(): boolean {
    return this.#analyses;
  }

  /** From now on frames are only looked at: there is to be no verdict on them, or another request gives it. */
  stopAnalysis(): void {
    this.#analyses = false;
    this.#analysis.stop();
  }

  /** What was taken; null when it is not in order, or comes after one that was not. */
  async take(cut: CutFrame): Promise<TakenFrame | null> {
    if (cut.position >= this.mostFrames) {
      throw validationFailure([...this.problems, tooManyFrames(this.#door, this.mostFrames)]);
    }
    this.count += 1;
    const at = [this.#door.arrayName, `${cut.position}`];
    const item = cut.kind === 'oversized' ? null : this.#read(cut.bytes, cut.position, at);
    if (cut.kind === 'oversized' || (item !== null && item.pixels.length > MAX_PIXELS_LENGTH)) {
      this.#complain(`${at.join('.')}.pixels`, `must have at most ${MAX_PIXELS_LENGTH} characters`);
    }
    if (item === null || this.problems.length > 0) return null;
    const bytes = decodePicture(item.pixels);
    const frame = {
      index: item.index,
      timestampMs: item.timestampMs,
      digest: await sha256Hex(bytes ?? item.pixels),
      hasBytes: bytes !== null,
      evidence: null,
    };
    this.#frames.push(frame);
    if (bytes === null) this.unreadable ??= { index: item.index, problem: 'not_a_picture' };
    if (bytes !== null) this.#sample.offer(bytes);
    if (bytes === null || !this.#analyses) return frame;
    const ordinal = this.#door.inBatches ? item.index : this.#sent.size;
    this.#sent.set(ordinal, { frame, position: cut.position });
    await this.#analysis.add(ordinal, bytes);
    return frame;
  }

  /** Every frame in the order of its index, once all that were to be analysed are. */
  async finish(): Promise<{ frames: TakenFrame[]; busyMs: number }> {
    await this.#analysis.finish();
    return { frames: this.#frames.toSorted((a, b) => a.index - b.index), busyMs: this.#analysis.busyMs };
  }

  #read(bytes: Uint8Array, position: number, at: string[]): ReadItem | null {
    const element = parseJsonBytes(bytes);
    const parsed = this.#door.item.safeParse(element);
    if (!parsed.success) {
      this.#add(problemsOf(parsed.error.issues, element, at.join('.'), at));
      return null;
    }
    const { index = position, timestamp_ms: timestampMs = null, pixels } = parsed.data;
    const isNumbered = parsed.data.index !== undefined;
    this.#isNumbered ??= isNumbered;
    // Places and indices do not mix: where a frame without one belongs would be anybody's guess.
    if (isNumbered !== this.#isNumbered) {
      this.#complain(`${at.join('.')}.index`, `must be given in all ${this.#door.arrayName} or in none`);
      return null;
    }
    if (this.#indices.has(index) && !this.#door.mayRepeatIndex) {
      this.#complain(`${at.join('.')}.index`, `must not come twice: ${index}`);
    }
    this.#indices.add(index);
    return { index, timestampMs, pixels };
  }

  #settle(ordinal: number, outcome: PictureOutcome): void {
    const sent = this.#sent.get(ordinal);
    if (sent === undefined) return;
    if (outcome.ok) {
      sent.frame.evidence = outcome.evidence;
      return;
    }
    this.unreadable ??= { index: sent.frame.index, problem: outcome.problem };
    if (outcome.problem === 'wrong_size' && this.#door.kind === 'crop') {
      this.#complain(`${this.#door.arrayName}.${sent.position}.pixels`, 'must be a 224x224 picture');
    }
  }

  #complain(field: string, complaint: string): void {
    this.#add([{ field, message: `${field} ${complaint}`, missing: false }]);
  }

  #add(problems: Problem[]): void {
    this.problems.push(...problems.slice(0, MAX_PROBLEMS - this.problems.length));
    this.stopAnalysis();
  }
}
