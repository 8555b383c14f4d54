import type { RegisteredModel } from '#models/registry.ts';
import { type Comparison, comparisonsOf } from '#shared/lib/frame-pairs.ts';
import type { AnalysedFrame, FrameName } from '#shared/rpc/frame-session.ts';
import type { FaceEvidence, FrameEvidence, KnownMotion, MovingFace } from '#shared/rpc/inference.ts';

export interface BufferedFrame extends AnalysedFrame {
  receivedAtMs: number;
}

/** A comparison with what it compares. */
export interface DueComparison extends Comparison {
  faces: { first: MovingFace; second: MovingFace };
}

/**
 * The frames of one session, in whatever order they come. It also knows which of them will be compared for the verdict, so
 * that each comparison can be made as soon as its later frame is there, and the last frame brings no more work than any other.
 */
export class FrameBuffer {
  readonly #required: number;
  readonly #frames = new Map<number, BufferedFrame>();
  readonly #plan: readonly Comparison[];
  readonly #motions = new Map<string, KnownMotion>();

  constructor({ minFrames }: Pick<RegisteredModel, 'minFrames'>) {
    this.#required = minFrames;
    this.#plan = comparisonsOf(minFrames);
  }

  get size(): number {
    return this.#frames.size;
  }

  get required(): number {
    return this.#required;
  }

  get isComplete(): boolean {
    return this.#frames.size >= this.#required;
  }

  get lastReceivedAtMs(): number {
    return Math.max(0, ...[...this.#frames.values()].map(({ receivedAtMs }) => receivedAtMs));
  }

  add(frame: BufferedFrame, motions: readonly KnownMotion[] = []): void {
    this.#frames.set(frame.index, frame);
    this.learn(motions);
  }

  learn(motions: readonly KnownMotion[]): void {
    for (const motion of motions) this.#motions.set(keyOf(motion), motion);
  }

  /** As if it had never come. */
  drop({ index }: FrameName): void {
    this.#frames.delete(index);
    for (const [key, { first, second }] of this.#motions) {
      if (first === index || second === index) this.#motions.delete(key);
    }
  }

  has({ index }: FrameName): boolean {
    return this.#frames.has(index);
  }

  /** The index was used for another picture. */
  contradicts({ index, digest }: FrameName): boolean {
    const known = this.#frames.get(index);
    return known !== undefined && known.digest !== digest;
  }

  /** The face of the frame nearest to a place, the earlier one when two are. */
  nearestFace(index: number): FaceEvidence | null {
    let nearest: { distance: number; face: FaceEvidence } | null = null;
    for (const { index: place, evidence } of this.#frames.values()) {
      const distance = Math.abs(place - index) + (place > index ? 0.5 : 0);
      if (evidence.face && (nearest === null || distance < nearest.distance)) {
        nearest = { distance, face: evidence.face };
      }
    }
    return nearest?.face ?? null;
  }

  /**
   * The comparisons that these frames make possible. Should a frame turn out to have no face, or to repeat another, the
   * judgement pairs the frames anew and makes what it lacks by itself: slower, and the same.
   */
  dueWith(indices: readonly number[]): DueComparison[] {
    const fresh = new Set(indices);
    return this.#plan.flatMap((comparison) => {
      const { first, second } = comparison;
      if (!fresh.has(first) && !fresh.has(second)) return [];
      if (this.#motions.has(keyOf(comparison))) return [];
      const [from, to] = [this.#faceAt(first), this.#faceAt(second)];
      return from && to ? [{ ...comparison, faces: { first: from, second: to } }] : [];
    });
  }

  /** Everything, in the order of the recording. Here a frame goes by its place, which is its index only where none is missing. */
  recording(): { frames: BufferedFrame[]; evidence: FrameEvidence[]; motions: KnownMotion[]; busyMs: number } {
    const frames = [...this.#frames.values()].toSorted((a, b) => a.index - b.index);
    const places = new Map(frames.map(({ index }, place) => [index, place]));
    return {
      frames,
      evidence: this.#forJudgement(frames),
      motions: [...this.#motions.values()].flatMap((motion) => {
        const [first, second] = [places.get(motion.first), places.get(motion.second)];
        return first === undefined || second === undefined ? [] : [{ ...motion, first, second }];
      }),
      busyMs: frames.reduce((sum, frame) => sum + frame.busyMs, 0),
    };
  }

  /**
   * Without the patches that nobody will look at, which are most of the bytes. The judgement pairs frames as planned only where
   * each has a face of its own; otherwise it may need any of them.
   */
  #forJudgement(frames: readonly BufferedFrame[]): FrameEvidence[] {
    const hashes = new Set(frames.flatMap(({ evidence }) => evidence.face?.contentHash ?? []));
    if (hashes.size < this.#required || !this.isComplete) return frames.map(({ evidence }) => evidence);
    const missing = this.#plan.filter((comparison) => !this.#motions.has(keyOf(comparison)));
    const compared = new Set(missing.flatMap(({ first, second }) => [first, second]));
    return frames.map(({ index, evidence }) => (compared.has(index) ? evidence : withoutPatch(evidence)));
  }

  #faceAt(index: number): MovingFace | null {
    const face = this.#frames.get(index)?.evidence.face;
    return face ? { patch: face.patch, square: face.square, landmarks: face.landmarks } : null;
  }
}

function withoutPatch(evidence: FrameEvidence): FrameEvidence {
  const { face } = evidence;
  return face === null ? evidence : { ...evidence, face: { ...face, patch: new Uint8Array(0) } };
}

function keyOf({ first, second, mayBend }: Comparison): string {
  return `${first} ${second} ${mayBend}`;
}
