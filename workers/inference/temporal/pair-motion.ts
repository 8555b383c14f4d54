import type { MovingFace, PairMotion } from '#shared/rpc/inference.ts';
import { PATCH_SIDE } from '#shared/rpc/inference.ts';
import { type Alignment, alignPatches } from './align-patches.ts';
import { type Homography, IDENTITY } from './homography.ts';
import { fitSimilarity, type Point } from './point-fit.ts';
import { type PreparedPatch, preparePatch } from './prepared-patch.ts';
import { type PlaneResidual, residualOfPlane, residualOfSheet } from './residual-motion.ts';

/** So little is left only where the patches were laid on each other rightly. */
const CERTAIN_PIXELS = 0.12;

/** Compares faces; each is made ready once, for all the comparisons that it is part of. */
export class FaceComparer {
  readonly #prepared = new Map<MovingFace, PreparedPatch>();

  /**
   * What moved between two faces that no plane explains, and with `mayBend` no bent sheet; null where they cannot be laid on
   * each other. The least that either start leads to: landmarks that err would start the search in the wrong place.
   */
  compare(from: MovingFace, to: MovingFace, mayBend: boolean): PairMotion | null {
    const [still, moving] = [this.#patchOf(from), this.#patchOf(to)];
    const after = (start: Homography): Fit | null => {
      const alignment = alignPatches(still, moving, start);
      const residual = alignment && residualOfPlane(still, moving, alignment);
      return alignment && residual && { alignment, residual };
    };
    const byLandmarks = after(fitSimilarity(pointsInPatch(from), pointsInPatch(to)));
    const isCertain = byLandmarks !== null && byLandmarks.residual.beyondPlane < CERTAIN_PIXELS;
    const asTheyLie = isCertain ? null : after(IDENTITY);
    const best = betterOf(byLandmarks, asTheyLie);
    if (best === null) return null;
    const { alignment, residual } = best;
    const { beyondPlane } = residual;
    const beyondSheet = mayBend ? residualOfSheet(still, moving, alignment, residual) : beyondPlane;
    return { beyondPlane, beyondSheet };
  }

  #patchOf(face: MovingFace): PreparedPatch {
    const known = this.#prepared.get(face) ?? preparePatch(face.patch, PATCH_SIDE);
    this.#prepared.set(face, known);
    return known;
  }
}

interface Fit {
  alignment: Alignment;
  residual: PlaneResidual;
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
