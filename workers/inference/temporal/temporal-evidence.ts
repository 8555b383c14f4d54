import { framePairs } from '#shared/lib/frame-pairs.ts';
import type { FaceEvidence, FrameEvidence, KnownMotion } from '#shared/rpc/inference.ts';
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
  /** null where too few different frames have a face. */
  motion: MotionCues | null;
  landmarks: LandmarkCues | null;
  pulse: Pulse | null;
}

export function temporalEvidence(
  frames: readonly FrameEvidence[],
  fps: number | null,
  motions: readonly KnownMotion[] = [],
): TemporalEvidence {
  const seen = frames.flatMap(({ face }, place) => (face ? [{ face, place }] : []));
  const faces = seen.map(({ face }) => face);
  const moving = withoutRepeats(seen);
  const distinct = moving.map(({ face }) => face);
  const enough = distinct.length >= LEAST_DISTINCT_FRAMES;
  return {
    frameCount: frames.length,
    faceShare: frames.length === 0 ? 0 : faces.length / frames.length,
    distinctShare: faces.length === 0 ? 0 : distinct.length / faces.length,
    ...texture(faces),
    motion: enough
      ? motionCues(
          distinct,
          knownBetween(
            motions,
            moving.map(({ place }) => place),
          ),
        )
      : null,
    landmarks: enough
      ? landmarkCues(
          distinct.map(({ landmarks }) => landmarks),
          framePairs(distinct.length).wide,
        )
      : null,
    // Frames without a face would leave gaps in time, which a rhythm cannot be read across.
    pulse:
      faces.length === frames.length
        ? findPulse(
            faces.map(({ skin }) => skin),
            fps,
          )
        : null,
  };
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

function texture(faces: readonly FaceEvidence[]): Pick<TemporalEvidence, 'textureMargin' | 'textureSpread'> {
  const views = (['square', 'whole'] as const).map((view) =>
    faces.flatMap(({ textureMargins }) => textureMargins[view] ?? []),
  );
  const seen = views.filter((margins) => margins.length > 0);
  if (seen.length === 0) return { textureMargin: null, textureSpread: 0 };
  return { textureMargin: mean(seen.map(mean)), textureSpread: mean(seen.map(standardDeviation)) };
}
