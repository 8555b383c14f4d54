import { blur, evenLight, type GreyImage, halve, type Slopes, slopesOf, toGrey, valueAt } from './grey-image.ts';
import { choleskySolver } from './linear-solve.ts';

/** Numbers of a homography whose last is 1. */
export const PARAMETERS = 8;
/** Of the full size every second pixel each way is enough to align by; the slopes are those of the full size all the same. */
const STRIDE_BY_LEVEL = [2, 1, 1] as const;

/** A patch made ready once for all pairs that it is part of: `levels[0]` has full size, each next one half. */
export interface PreparedPatch {
  levels: readonly GreyImage[];
  /** Of the full size. */
  slopes(): Slopes;
  /** What others are laid on; null where the picture has too little in it to align by. */
  template(depth: number): Template | null;
}

/** Sample points of a level, from -1 to 1, and what each would change by for a small change of each parameter. */
export interface Template {
  x: Float32Array;
  y: Float32Array;
  values: Float32Array;
  steepest: Float32Array;
  solve(right: ArrayLike<number>): Float64Array;
}

export function preparePatch(bytes: Uint8Array, side: number): PreparedPatch {
  const levels: GreyImage[] = [];
  let image = evenLight(blur(toGrey(bytes, side)));
  for (const _ of STRIDE_BY_LEVEL) {
    levels.push(image);
    image = halve(image);
  }
  const templates = new Map<number, Template | null>();
  const slopesByLevel = new Map<GreyImage, Slopes>();
  const slopesAt = (level: GreyImage): Slopes => {
    const slopes = slopesByLevel.get(level) ?? slopesOf(level);
    slopesByLevel.set(level, slopes);
    return slopes;
  };
  return {
    levels,
    slopes: () => slopesAt(levels[0] ?? image),
    template(depth) {
      const known = templates.get(depth);
      if (known !== undefined) return known;
      const level = levels[depth];
      const template = level ? prepareTemplate(level, slopesAt(level), STRIDE_BY_LEVEL[depth] ?? 1) : null;
      templates.set(depth, template);
      return template;
    },
  };
}

function prepareTemplate(image: GreyImage, slopes: Slopes, stride: number): Template | null {
  const { side } = image;
  const half = (side - 1) / 2;
  const perLine = Math.floor((side - 3) / stride) + 1;
  const count = perLine * perLine;
  const template = { x: new Float32Array(count), y: new Float32Array(count), values: new Float32Array(count) };
  const steepest = new Float32Array(count * PARAMETERS);
  let sample = 0;
  let at = 0;
  for (let row = 1; row < side - 1; row += stride) {
    for (let column = 1; column < side - 1; column += stride) {
      const pixel = row * side + column;
      const x = column / half - 1;
      const y = row / half - 1;
      const gx = valueAt(slopes.x, pixel) * half;
      const gy = valueAt(slopes.y, pixel) * half;
      const along = -(gx * x + gy * y);
      template.x[sample] = x;
      template.y[sample] = y;
      template.values[sample] = valueAt(image.data, pixel);
      steepest[at] = gx * x;
      steepest[at + 1] = gx * y;
      steepest[at + 2] = gx;
      steepest[at + 3] = gy * x;
      steepest[at + 4] = gy * y;
      steepest[at + 5] = gy;
      steepest[at + 6] = along * x;
      steepest[at + 7] = along * y;
      sample++;
      at += PARAMETERS;
    }
  }
  const solve = choleskySolver(hessianOf(steepest), PARAMETERS);
  return solve && { ...template, steepest, solve };
}

/** The products of all changes with each other, summed over the samples; its lower half. Damped, so that it can be solved. */
function hessianOf(steepest: Float32Array): Float64Array {
  const hessian = new Float64Array(PARAMETERS * PARAMETERS);
  for (let i = 0; i < PARAMETERS; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = 0;
      for (let at = 0; at < steepest.length; at += PARAMETERS) {
        sum += valueAt(steepest, at + i) * valueAt(steepest, at + j);
      }
      hessian[i * PARAMETERS + j] = i === j ? sum * 1.001 + 1 : sum;
    }
  }
  return hessian;
}
