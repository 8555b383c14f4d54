import { type Alignment, layOver } from './align-patches.ts';
import { type BlockMotion, motionOfBlocks } from './block-motion.ts';
import type { PreparedPatch } from './prepared-patch.ts';
import { fitSheet, type Sheet } from './sheet.ts';

/** The sheet is found in steps, since blocks tell motions of about a pixel, and a bent sheet moves its rim by more. */
const SHEET_STEPS = 3;
const LEAST_BLOCKS = 12;

/** What is left after a plane has explained what it can, and the blocks that it is read from. */
export interface PlaneResidual {
  beyondPlane: number;
  blocks: readonly BlockMotion[];
}

/** The motion left between two patches that were laid on each other as planes. null when too little overlaps. */
export function residualOfPlane(
  still: PreparedPatch,
  moving: PreparedPatch,
  alignment: Alignment,
): PlaneResidual | null {
  const blocks = blocksBetween(still, moving, alignment, null);
  return blocks.length < LEAST_BLOCKS ? null : { beyondPlane: rootMeanSquare(blocks), blocks };
}

/** What is left of it when a gently bent sheet may explain some, too; never more than what the plane leaves. */
export function residualOfSheet(
  still: PreparedPatch,
  moving: PreparedPatch,
  alignment: Alignment,
  { beyondPlane, blocks: asPlane }: PlaneResidual,
): number {
  const side = still.levels[0]?.side ?? 0;
  let least = beyondPlane;
  let blocks = asPlane;
  let sheet: Sheet | null = null;
  for (let step = 0; step < SHEET_STEPS; step++) {
    sheet = fitSheet(blocks, side, sheet);
    blocks = blocksBetween(still, moving, alignment, sheet);
    if (blocks.length < LEAST_BLOCKS) break;
    least = Math.min(least, rootMeanSquare(blocks));
  }
  return least;
}

function blocksBetween(
  still: PreparedPatch,
  moving: PreparedPatch,
  alignment: Alignment,
  sheet: Sheet | null,
): readonly BlockMotion[] {
  const [image] = still.levels;
  const warped = image && layOver(still, moving, alignment, sheet);
  return image && warped ? motionOfBlocks(image, still.slopes(), warped) : [];
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
