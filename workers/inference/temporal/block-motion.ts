import { type GreyImage, type Slopes, valueAt } from './grey-image.ts';

const BLOCK = 14;
/** A block with little texture says little about motion: this much is added to its evidence for none (4 x area). */
const STIFFNESS = 4 * BLOCK * BLOCK;
const LEAST_VALID_SHARE = 0.8;

export interface BlockMotion {
  /** Centre, -1 to 1. */
  x: number;
  y: number;
  /** Pixels by which the second picture has to be moved here to look like the first. */
  dx: number;
  dy: number;
  weight: number;
}

/** What is left between a picture and another laid on it, block by block (Lucas and Kanade, held towards no motion). */
export function motionOfBlocks({ side, data }: GreyImage, slopes: Slopes, warped: Float32Array): BlockMotion[] {
  const blocks: BlockMotion[] = [];
  for (let top = BLOCK / 2; top + BLOCK <= side; top += BLOCK) {
    for (let left = BLOCK / 2; left + BLOCK <= side; left += BLOCK) {
      let xx = 0;
      let xy = 0;
      let yy = 0;
      let xe = 0;
      let ye = 0;
      let valid = 0;
      for (let row = top; row < top + BLOCK; row++) {
        for (let pixel = row * side + left; pixel < row * side + left + BLOCK; pixel++) {
          const value = valueAt(warped, pixel);
          if (Number.isNaN(value)) continue;
          const gx = valueAt(slopes.x, pixel);
          const gy = valueAt(slopes.y, pixel);
          const error = value - valueAt(data, pixel);
          valid++;
          xx += gx * gx;
          xy += gx * gy;
          yy += gy * gy;
          xe += gx * error;
          ye += gy * error;
        }
      }
      if (valid < BLOCK * BLOCK * LEAST_VALID_SHARE) continue;
      const a = xx + STIFFNESS;
      const d = yy + STIFFNESS;
      const determinant = a * d - xy * xy;
      const texture = xx + yy;
      blocks.push({
        x: (2 * left + BLOCK) / side - 1,
        y: (2 * top + BLOCK) / side - 1,
        dx: -(d * xe - xy * ye) / determinant,
        dy: -(a * ye - xy * xe) / determinant,
        weight: texture / (texture + STIFFNESS),
      });
    }
  }
  return blocks;
}
