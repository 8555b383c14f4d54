import type { FaceEvidence } from '#shared/rpc/inference.ts';
import { PATCH_SIDE } from '#shared/rpc/inference.ts';
import { type Alignment, alignPatches } from './align-patches.ts';
import { type FramePair, framePairs } from './frame-pairs.ts';
import { type Homography, IDENTITY } from './homography.ts';
import { fitSimilarity, type Point } from './point-fit.ts';
import { type PreparedPatch, preparePatch } from './prepared-patch.ts';
import { type ResidualMotion, residualMotion } from './residual-motion.ts';
import { median } from './statistics.ts';

/** So little is left only where the patches were laid on each other rightly. */
const CERTAIN_PIXELS = 0.12;

/** Medians over pairs of frames of the motion that no plane, and no gently bent sheet, explains; in pixels of the patch. */
export interface MotionCues {
  near: number;
  middle: number;
  wide: number;
  middleSheet: number;
  wideSheet: number;
}

/** What the cues read of a frame. */
export type MovingFace = Pick<FaceEvidence, 'patch' | 'square' | 'landmarks'>;

/** null where frames cannot be laid on each other, as when the scene changes from frame to frame. */
export function motionCues(faces: readonly MovingFace[]): MotionCues | null {
  const pairs = framePairs(faces.length);
  const prepared = new Map<MovingFace, PreparedPatch>();
  const near = residuals(pairs.near, false);
  const middle = residuals(pairs.middle, true);
  const wide = residuals(pairs.wide, true);
  if (near === null || middle === null || wide === null) return null;
  return {
    near: near.plane,
    middle: middle.plane,
    wide: wide.plane,
    middleSheet: middle.sheet,
    wideSheet: wide.sheet,
  };

  function residuals(list: readonly FramePair[], mayBend: boolean): { plane: number; sheet: number } | null {
    const motions = list.flatMap(({ first, second }) => {
      const [from, to] = [faces[first], faces[second]];
      return (from && to && between(from, to, mayBend)) ?? [];
    });
    if (motions.length === 0) return null;
    return {
      plane: median(motions.map(({ beyondPlane }) => beyondPlane)),
      sheet: median(motions.map(({ beyondSheet }) => beyondSheet)),
    };
  }

  /** The least that either start leads to: landmarks that err would start the search of a plane in the wrong place. */
  function between(from: MovingFace, to: MovingFace, mayBend: boolean): ResidualMotion | null {
    const [still, moving] = [patchOf(from), patchOf(to)];
    const after = (start: Homography) => {
      const alignment = alignPatches(still, moving, start);
      const residual = alignment && residualMotion(still, moving, alignment, { mayBend: false });
      return alignment && residual && { alignment, residual };
    };
    const byLandmarks = after(fitSimilarity(pointsInPatch(from), pointsInPatch(to)));
    const isCertain = byLandmarks !== null && byLandmarks.residual.beyondPlane < CERTAIN_PIXELS;
    const asTheyLie = isCertain ? null : after(IDENTITY);
    const best = betterOf(byLandmarks, asTheyLie);
    if (best === null || !mayBend) return best?.residual ?? null;
    return residualMotion(still, moving, best.alignment, { mayBend });
  }

  function patchOf(face: MovingFace): PreparedPatch {
    const known = prepared.get(face) ?? preparePatch(face.patch, PATCH_SIDE);
    prepared.set(face, known);
    return known;
  }
}

interface Fit {
  alignment: Alignment;
  residual: ResidualMotion;
}

function betterOf(a: Fit | null, b: Fit | null): Fit | null {
  if (a === null || b === null) return a ?? b;
  return a.residual.beyondPlane < b.residual.beyondPlane ? a : b;
}

/** The landmarks as they lie in the patch, from -1 to 1. */
function pointsInPatch({ landmarks, square }: MovingFace): Point[] {
  return Array.from({ length: landmarks.length / 2 }, (_, i) => ({
    x: (2 * ((landmarks[i * 2] ?? 0) - square.x)) / square.width - 1,
    y: (2 * ((landmarks[i * 2 + 1] ?? 0) - square.y)) / square.height - 1,
  }));
}
