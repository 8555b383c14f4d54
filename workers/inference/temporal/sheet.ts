import type { BlockMotion } from './block-motion.ts';
import { choleskySolver } from './linear-solve.ts';

const TERMS = 6;

/**
 * A second-order field of shifts, in coordinates from -1 to 1: what a sheet of paper that bends or folds gently adds to the
 * motion of a plane. Weights of 1, x, y, x², xy, y².
 */
export interface Sheet {
  x: Float64Array;
  y: Float64Array;
}

/** The sheet that explains the blocks' motion best, on top of what `before` explained already. */
export function fitSheet(blocks: readonly BlockMotion[], side: number, before: Sheet | null): Sheet {
  const matrix = new Float64Array(TERMS * TERMS);
  const rightX = new Float64Array(TERMS);
  const rightY = new Float64Array(TERMS);
  const half = (side - 1) / 2;
  for (const { x, y, dx, dy, weight } of blocks) {
    const terms = termsAt(x, y);
    for (let i = 0; i < TERMS; i++) {
      const scaled = (terms[i] ?? 0) * weight;
      rightX[i] = (rightX[i] ?? 0) + (scaled * dx) / half;
      rightY[i] = (rightY[i] ?? 0) + (scaled * dy) / half;
      for (let j = 0; j < TERMS; j++) matrix[i * TERMS + j] = (matrix[i * TERMS + j] ?? 0) + scaled * (terms[j] ?? 0);
    }
  }
  for (let i = 0; i < TERMS; i++) matrix[i * TERMS + i] = (matrix[i * TERMS + i] ?? 0) + 1e-3;
  const solve = choleskySolver(matrix, TERMS);
  const added = (field: Float64Array, right: Float64Array) => {
    const step = solve?.(right);
    return field.map((value, i) => value + (step?.[i] ?? 0));
  };
  return {
    x: added(before?.x ?? new Float64Array(TERMS), rightX),
    y: added(before?.y ?? new Float64Array(TERMS), rightY),
  };
}

function termsAt(x: number, y: number): readonly number[] {
  return [1, x, y, x * x, x * y, y * y];
}
