import { type GreyImage, NEIGHBOURHOOD_RADIUS, valueAt } from './grey-image.ts';
import { type Homography, IDENTITY, invert, multiply } from './homography.ts';
import { PARAMETERS, type PreparedPatch, type Template } from './prepared-patch.ts';
import type { Sheet } from './sheet.ts';

/** From fine to coarse. Coarse levels find large motion, the last one settles fractions of a pixel. */
const ITERATIONS_BY_LEVEL = [3, 8, 12] as const;
const SETTLED_PIXELS = 0.03;
const LEAST_VALID_SHARE = 0.35;

export interface Alignment {
  /** From points of the first patch to points of the second, coordinates from -1 to 1. */
  homography: Homography;
}

/**
 * Lays `moving` on `still` as if both showed one plane: the best homography, found in its own light (gain and bias).
 * What does not fit afterwards is what no plane can do. null when nothing fits, as for two different scenes. `start` is where
 * to look first: from too far away the search ends in the wrong place, and a plane would look like a head.
 */
export function alignPatches(
  still: PreparedPatch,
  moving: PreparedPatch,
  start: Homography = IDENTITY,
): Alignment | null {
  let homography = start;
  for (let depth = ITERATIONS_BY_LEVEL.length - 1; depth >= 0; depth--) {
    const template = still.template(depth);
    const image = moving.levels[depth];
    if (template === null || !image) return null;
    for (let i = 0; i < (ITERATIONS_BY_LEVEL[depth] ?? 0); i++) {
      const step = improve(template, image, homography);
      if (step === null) return null;
      homography = step.homography;
      if (step.largestChange * image.side < SETTLED_PIXELS) break;
    }
  }
  return { homography };
}

/**
 * The second patch laid on the first, pixel by pixel, in the first one's light; NaN where the second does not reach. `sheet`
 * moves each point of the first before the homography does. null when they share too little.
 */
export function layOver(
  still: PreparedPatch,
  moving: PreparedPatch,
  { homography }: Alignment,
  sheet: Sheet | null = null,
): Float32Array | null {
  const [first, second] = [still.levels[0], moving.levels[0]];
  if (!first || !second) return null;
  const warped = warp(second, homography, gridOf(first.side, sheet), NEIGHBOURHOOD_RADIUS);
  const light = lightBetween(first.data, warped);
  if (light === null) return null;
  for (let i = 0; i < warped.length; i++) warped[i] = valueAt(warped, i) * light.gain + light.bias;
  return warped;
}

/** One step of inverse compositional alignment (Baker and Matthews, 2004). */
function improve(template: Template, moving: GreyImage, homography: Homography) {
  const { values, steepest, x, y } = template;
  const warped = warp(moving, homography, { x, y }, 0);
  const light = lightBetween(values, warped);
  if (light === null) return null;
  // Written out: a loop over eight inside a loop over thousands takes twice the time.
  let [r0, r1, r2, r3, r4, r5, r6, r7] = [0, 0, 0, 0, 0, 0, 0, 0];
  for (let i = 0; i < values.length; i++) {
    const value = warped[i] ?? 0;
    if (Number.isNaN(value)) continue;
    const error = value * light.gain + light.bias - (values[i] ?? 0);
    const at = i * PARAMETERS;
    r0 += (steepest[at] ?? 0) * error;
    r1 += (steepest[at + 1] ?? 0) * error;
    r2 += (steepest[at + 2] ?? 0) * error;
    r3 += (steepest[at + 3] ?? 0) * error;
    r4 += (steepest[at + 4] ?? 0) * error;
    r5 += (steepest[at + 5] ?? 0) * error;
    r6 += (steepest[at + 6] ?? 0) * error;
    r7 += (steepest[at + 7] ?? 0) * error;
  }
  const change = template.solve([r0, r1, r2, r3, r4, r5, r6, r7]);
  const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0] = change;
  const inverse = invert([1 + a, b, c, d, 1 + e, f, g, h, 1]);
  const largestChange = change.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  if (inverse === null || !Number.isFinite(largestChange)) return null;
  return { homography: multiply(homography, inverse), largestChange };
}

const flatGrids = new Map<number, Pick<Template, 'x' | 'y'>>();

function gridOf(side: number, sheet: Sheet | null): Pick<Template, 'x' | 'y'> {
  if (sheet !== null) return shiftedGrid(side, sheet);
  const flat = flatGrids.get(side) ?? shiftedGrid(side, null);
  flatGrids.set(side, flat);
  return flat;
}

function shiftedGrid(side: number, sheet: Sheet | null): Pick<Template, 'x' | 'y'> {
  const half = (side - 1) / 2;
  const x = new Float32Array(side * side);
  const y = new Float32Array(side * side);
  const [x0 = 0, x1 = 0, x2 = 0, x3 = 0, x4 = 0, x5 = 0] = sheet?.x ?? [];
  const [y0 = 0, y1 = 0, y2 = 0, y3 = 0, y4 = 0, y5 = 0] = sheet?.y ?? [];
  let pixel = 0;
  for (let line = 0; line < side; line++) {
    const v = line / half - 1;
    for (let column = 0; column < side; column++, pixel++) {
      const u = column / half - 1;
      x[pixel] = u + x0 + x1 * u + x2 * v + x3 * u * u + x4 * u * v + x5 * v * v;
      y[pixel] = v + y0 + y1 * u + y2 * v + y3 * u * u + y4 * u * v + y5 * v * v;
    }
  }
  return { x, y };
}

/** The image at where `homography` puts each point, coordinates from -1 to 1; NaN outside and on the rim. Most of the time goes here. */
function warp(
  { side, data }: GreyImage,
  homography: Homography,
  { x, y }: Pick<Template, 'x' | 'y'>,
  rim: number,
): Float32Array {
  const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0] = homography;
  const half = (side - 1) / 2;
  const last = side - 1 - rim;
  const result = new Float32Array(x.length);
  for (let i = 0; i < result.length; i++) {
    const px = x[i] ?? 0;
    const py = y[i] ?? 0;
    const scale = half / (g * px + h * py + 1);
    const atX = (a * px + b * py + c) * scale + half;
    const atY = (d * px + e * py + f) * scale + half;
    if (!(atX >= rim && atY >= rim && atX < last && atY < last)) {
      result[i] = Number.NaN;
      continue;
    }
    const left = atX | 0;
    const top = atY | 0;
    const share = atX - left;
    const corner = top * side + left;
    const topLeft = data[corner] ?? 0;
    const lowerLeft = data[corner + side] ?? 0;
    const upper = topLeft + ((data[corner + 1] ?? 0) - topLeft) * share;
    const lower = lowerLeft + ((data[corner + side + 1] ?? 0) - lowerLeft) * share;
    result[i] = upper + (lower - upper) * (atY - top);
  }
  return result;
}

/** Gain and bias that bring `warped` closest to `template`, by least squares over the pixels that both have. */
function lightBetween(template: Float32Array, warped: Float32Array): { gain: number; bias: number } | null {
  let count = 0;
  let sumT = 0;
  let sumW = 0;
  let sumWW = 0;
  let sumTW = 0;
  for (let i = 0; i < template.length; i++) {
    const w = valueAt(warped, i);
    if (Number.isNaN(w)) continue;
    const t = valueAt(template, i);
    count++;
    sumT += t;
    sumW += w;
    sumWW += w * w;
    sumTW += t * w;
  }
  if (count < template.length * LEAST_VALID_SHARE) return null;
  const variance = sumWW - (sumW * sumW) / count;
  const gain = variance > 1e-3 ? (sumTW - (sumT * sumW) / count) / variance : 1;
  return { gain, bias: (sumT - gain * sumW) / count };
}
