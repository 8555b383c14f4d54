import type { PairMotion } from '#shared/rpc/inference.ts';
import { type Alignment, layOver } from './align-patches.ts';
import { type BlockMotion, motionOfBlocks } from './block-motion.ts';
import { slopesOf } from './grey-image.ts';
import type { PreparedPatch } from './prepared-patch.ts';
import { fitSheet, type Sheet } from './sheet.ts';

/** The sheet is found in steps, since blocks tell motions of about a pixel, and a bent sheet moves its rim by more. */
const SHEET_STEPS = 3;
const LEAST_BLOCKS = 12;

/**
 * The motion left between two patches that were laid on each other as planes. null when too little overlaps.
 */
export function residualMotion(
  still: PreparedPatch,
  moving: PreparedPatch,
  alignment: Alignment,
  { mayBend }: { mayBend: boolean },
): PairMotion | null {
  const [image] = still.levels;
  if (!image) return null;
  const slopes = slopesOf(image);
  const measure = (sheet: Sheet | null): BlockMotion[] => {
    const warped = layOver(still, moving, alignment, sheet);
    return warped ? motionOfBlocks(image, slopes, warped) : [];
  };
  const asPlane = measure(null);
  if (asPlane.length < LEAST_BLOCKS) return null;
  const beyondPlane = rootMeanSquare(asPlane);
  if (!mayBend) return { beyondPlane, beyondSheet: beyondPlane };
  let least = beyondPlane;
  let blocks = asPlane;
  let sheet: Sheet | null = null;
  for (let step = 0; step < SHEET_STEPS; step++) {
    sheet = fitSheet(blocks, image.side, sheet);
    blocks = measure(sheet);
    if (blocks.length < LEAST_BLOCKS) break;
    least = Math.min(least, rootMeanSquare(blocks));
  }
  return { beyondPlane, beyondSheet: least };
}

function rootMeanSquare(blocks: readonly BlockMotion[]): number {
  let sum = 0;
  let weights = 0;
  for (const { dx, dy, weight } of blocks) {
    sum += weight * (dx * dx + dy * dy);
    weights += weight;
  }
  return weights > 0 ? Math.sqrt(sum / weights) : 0;
}
