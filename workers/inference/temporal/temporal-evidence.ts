import { framePairs } from '#shared/lib/frame-pairs.ts';
import type { FaceEvidence, FrameEvidence, KnownMotion, ViewMargins } from '#shared/rpc/inference.ts';
import { type LandmarkCues, landmarkCues } from './landmark-cues.ts';
import { type KnownComparisons, type MotionCues, motionCues } from './motion-cues.ts';
import { findPulse, type Pulse } from './pulse.ts';
import { mean, standardDeviation } from './statistics.ts';

/** Fewer different frames than this cannot show that anything moves. */
export const LEAST_DISTINCT_FRAMES = 4;

/** What a whole recording says, from its records alone. */
export interface TemporalEvidence {
  frameCount: number;
  /** Share of frames with a face. */
  faceShare: number;
  /** Share of those that are not a frame seen before, pixel by pixel. */
  distinctShare: number;
  /** Mean log-odds of the texture model, each view weighing the same, and how much they vary from frame to frame. */
  textureMargin: number | null;
  textureSpread: number;
  /** The same by the network that was trained on recaptures; null where no record has it. */
  recaptureMargin: number | null;
  /** null where too few different frames have a face. */
  motion: MotionCues | null;
  landmarks: LandmarkCues | null;
  pulse: Pulse | null;
}

export interface Recording {
  frames: readonly FrameEvidence[];
  run?: readonly FrameEvidence[] | undefined;
  /** Of the run if there is one. */
  fps: number | null;
  /** Comparisons of `frames`; of a run none is ever made before. */
  motions?: readonly KnownMotion[] | undefined;
}

/**
 * Seconds apart everybody has moved on, and a film of a person looks like photographs shown in turn. So where there is a run,
 * what is read from time is read from it; how the skin looks, and whether there is a face at all, from the whole recording.
 */
export function temporalEvidence({ frames, run = [], fps, motions = [] }: Recording): TemporalEvidence {
  return { ...appearanceOf(frames), ...(run.length > 0 ? movementOf(run, fps, []) : movementOf(frames, fps, motions)) };
}

type Appearance = Omit<TemporalEvidence, keyof Movement>;
type Movement = Pick<TemporalEvidence, 'motion' | 'landmarks' | 'pulse'>;

function appearanceOf(frames: readonly FrameEvidence[]): Appearance {
  const faces = frames.flatMap(({ face }) => face ?? []);
  const distinct = new Set(faces.map(({ contentHash }) => contentHash));
  return {
    frameCount: frames.length,
    faceShare: frames.length === 0 ? 0 : faces.length / frames.length,
    distinctShare: faces.length === 0 ? 0 : distinct.size / faces.length,
    ...texture(faces),
  };
}

function movementOf(frames: readonly FrameEvidence[], fps: number | null, motions: readonly KnownMotion[]): Movement {
  const seen = frames.flatMap(({ face }, place) => (face ? [{ face, place }] : []));
  const moving = withoutRepeats(seen);
  const distinct = moving.map(({ face }) => face);
  const places = moving.map(({ place }) => place);
  const pairs = framePairs(distinct.length).wide;
  const enough = distinct.length >= LEAST_DISTINCT_FRAMES;
  const isUnbroken = seen.length === frames.length;
  return {
    motion: enough ? motionCues(distinct, knownBetween(motions, places)) : null,
    landmarks: enough ? landmarkCues(distinct.map(pointsOf), pairs) : null,
    // Frames without a face would leave gaps in time, which a rhythm cannot be read across.
    pulse: isUnbroken
      ? findPulse(
          seen.map(({ face }) => face.skin),
          fps,
        )
      : null,
  };
}

function pointsOf({ landmarks }: FaceEvidence): Float32Array {
  return landmarks;
}

/** A camera that gives fewer frames than are asked of it repeats some; they say nothing new. */
function withoutRepeats<Seen extends { face: FaceEvidence }>(frames: readonly Seen[]): Seen[] {
  const hashes = new Set<string>();
  return frames.filter(({ face }) => !hashes.has(face.contentHash) && hashes.add(face.contentHash));
}

/** Comparisons are known by the places of their frames in the recording, and asked for among those that differ. */
function knownBetween(motions: readonly KnownMotion[], places: readonly number[]): KnownComparisons {
  const key = (first: number | undefined, second: number | undefined, mayBend: boolean) =>
    `${first} ${second} ${mayBend}`;
  const byPlaces = new Map(motions.map(({ first, second, mayBend, motion }) => [key(first, second, mayBend), motion]));
  return ({ first, second, mayBend }) => byPlaces.get(key(places[first], places[second], mayBend));
}

type Texture = Pick<TemporalEvidence, 'textureMargin' | 'textureSpread' | 'recaptureMargin'>;

function texture(faces: readonly FaceEvidence[]): Texture {
  const seen = marginsByView(faces.map(({ textureMargins }) => textureMargins));
  const recapture = marginsByView(faces.map(({ recaptureMargins }) => recaptureMargins));
  return {
    textureMargin: seen.length === 0 ? null : mean(seen.map(mean)),
    textureSpread: seen.length === 0 ? 0 : mean(seen.map(standardDeviation)),
    recaptureMargin: recapture.length === 0 ? null : mean(recapture.map(mean)),
  };
}

/** Of the views that any frame has. */
function marginsByView(frames: readonly (ViewMargins | undefined)[]): number[][] {
  const views = (['square', 'whole'] as const).map((view) => frames.flatMap((margins) => margins?.[view] ?? []));
  return views.filter((margins) => margins.length > 0);
}
