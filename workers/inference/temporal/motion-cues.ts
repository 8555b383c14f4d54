import { type Comparison, type FramePair, framePairs } from '#shared/lib/frame-pairs.ts';
import type { MovingFace, PairMotion } from '#shared/rpc/inference.ts';
import { FaceComparer } from './pair-motion.ts';
import { median } from './statistics.ts';

/** Medians over pairs of frames of the motion that no plane, and no gently bent sheet, explains; in pixels of the patch. */
export interface MotionCues {
  near: number;
  middle: number;
  wide: number;
  middleSheet: number;
  wideSheet: number;
}

/** Comparisons that are done already; `undefined` for one that is not. */
export type KnownComparisons = (comparison: Comparison) => PairMotion | null | undefined;

/** null where frames cannot be laid on each other, as when the scene changes from frame to frame. */
export function motionCues(faces: readonly MovingFace[], known: KnownComparisons = () => undefined): MotionCues | null {
  const pairs = framePairs(faces.length);
  const comparer = new FaceComparer();
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
    const motions = list.flatMap((pair) => motionBetween({ ...pair, mayBend }) ?? []);
    if (motions.length === 0) return null;
    return {
      plane: median(motions.map(({ beyondPlane }) => beyondPlane)),
      sheet: median(motions.map(({ beyondSheet }) => beyondSheet)),
    };
  }

  function motionBetween(comparison: Comparison): PairMotion | null {
    const done = known(comparison);
    if (done !== undefined) return done;
    const [from, to] = [faces[comparison.first], faces[comparison.second]];
    return from && to ? comparer.compare(from, to, comparison.mayBend) : null;
  }
}
