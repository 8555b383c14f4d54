import { expect, test } from 'vitest';
import { realFaceCrop } from '../testing/real-face.ts';
import { alignPatches, layOver } from './align-patches.ts';
import { type Homography, IDENTITY, invert } from './homography.ts';
import { type PreparedPatch, preparePatch } from './prepared-patch.ts';
import { mean } from './statistics.ts';
import { faceView, planar } from './testing/face-view.ts';

const SIDE = 112;
const crop = await realFaceCrop();
const still = preparePatch(faceView(crop), SIDE);

/** How far apart two homographies put a point of the patch, in pixels, at most. */
function distancePixels(a: Homography, b: Homography): number {
  const ends = [-0.9, 0, 0.9];
  const distances = ends.flatMap((x) =>
    ends.map((y) => {
      const [[ax, ay], [bx, by]] = [planar(a)(x, y), planar(b)(x, y)];
      return Math.hypot(ax - bx, ay - by) * (SIDE / 2);
    }),
  );
  return Math.max(...distances);
}

/** Mean difference, in grey values, of what was laid on what, where both are; infinite where nothing is. */
function misfit(moving: PreparedPatch): number {
  const alignment = alignPatches(still, moving);
  const warped = alignment && layOver(still, moving, alignment);
  const template = still.levels[0]?.data ?? new Float32Array();
  const differences = [...(warped ?? [])].flatMap((value, at) =>
    Number.isNaN(value) ? [] : [Math.abs(value - (template[at] ?? Number.NaN))],
  );
  return differences.length === 0 ? Number.POSITIVE_INFINITY : mean(differences);
}

test.each<[string, Homography]>([
  ['shifted', [1, 0, 0.08, 0, 1, -0.06, 0, 0, 1]],
  ['turned', [1, 0.07, 0, -0.07, 1, 0, 0, 0, 1]],
  ['nearer', [0.94, 0, 0, 0, 0.94, 0, 0, 0, 1]],
  ['tilted', [1, 0, 0, 0, 1, 0, 0.05, -0.04, 1]],
  ['all of it', [1.03, 0.02, 0.03, -0.015, 0.98, -0.02, 0.02, -0.015, 1]],
])('finds how a plane has moved: %s', (_, moved) => {
  const moving = preparePatch(faceView(crop, planar(moved)), SIDE);
  const alignment = alignPatches(still, moving);
  const expected = invert(moved) ?? IDENTITY;
  expect(distancePixels(expected, IDENTITY)).toBeGreaterThan(1.5);
  expect(distancePixels(alignment?.homography ?? IDENTITY, expected)).toBeLessThan(0.5);
  expect(misfit(moving)).toBeLessThan(1.2);
});

test('finds it in another light, too', () => {
  const moved = [1.03, 0.02, 0.03, -0.015, 0.98, -0.02, 0.02, -0.015, 1];
  const dimmer = faceView(crop, planar(moved)).map((value) => Math.round(value * 0.7 + 20));
  const moving = preparePatch(dimmer, SIDE);
  const alignment = alignPatches(still, moving);
  expect(distancePixels(alignment?.homography ?? IDENTITY, invert(moved) ?? IDENTITY)).toBeLessThan(0.5);
  expect(misfit(moving)).toBeLessThan(1.2);
});

test('the same patch stays where it is', () => {
  const alignment = alignPatches(still, still);
  expect(distancePixels(alignment?.homography ?? [], IDENTITY)).toBeLessThan(0.01);
  expect(misfit(still)).toBeLessThan(0.01);
});

test('what has moved too far for the search is found from a start nearby, and not without', () => {
  const far: Homography = [1.06, 0.05, 0.1, -0.05, 1.04, -0.08, 0.05, -0.04, 1];
  const moving = preparePatch(faceView(crop, planar(far)), SIDE);
  const expected = invert(far) ?? IDENTITY;
  // The best shift, turn and scale, as landmarks give it: the tilt is missing.
  const start: Homography = [0.945, -0.047, -0.098, 0.047, 0.945, 0.083, 0, 0, 1];
  expect(distancePixels(start, expected)).toBeGreaterThan(1.5);
  expect(distancePixels(alignPatches(still, moving, start)?.homography ?? IDENTITY, expected)).toBeLessThan(0.7);
  expect(distancePixels(alignPatches(still, moving)?.homography ?? IDENTITY, expected)).toBeGreaterThan(3);
});

test('where the second does not reach there is no value, not a black one', () => {
  const moving = preparePatch(faceView(crop, planar([1, 0, 0.1, 0, 1, 0, 0, 0, 1])), SIDE);
  const alignment = alignPatches(still, moving);
  const warped = (alignment && layOver(still, moving, alignment)) ?? new Float32Array();
  const isMissing = (column: number) => [20, 56, 90].map((row) => Number.isNaN(warped[row * SIDE + column] ?? 0));
  expect([0, 2, 4].flatMap(isMissing)).toEqual(Array(9).fill(true));
  expect([20, 56, 90].flatMap(isMissing)).toEqual(Array(9).fill(false));
});

test('what is laid over has the light of the first', () => {
  const dimmer = preparePatch(faceView(crop), SIDE);
  const [level] = dimmer.levels;
  if (!level) throw new Error('no level');
  const dim: PreparedPatch = {
    ...dimmer,
    levels: [{ side: SIDE, data: level.data.map((value) => value * 0.5 + 30) }, ...dimmer.levels.slice(1)],
  };
  const warped = layOver(still, dim, { homography: IDENTITY });
  const middle = 60 * SIDE + 55;
  expect(warped?.[middle]).toBeCloseTo(still.levels[0]?.data[middle] ?? Number.NaN, 2);
});

test('a sheet moves what is laid over, before the plane does', () => {
  const half = (SIDE - 1) / 2;
  // Three pixels to the right, and nothing bent.
  const sheet = { x: Float64Array.of(3 / half, 0, 0, 0, 0, 0), y: new Float64Array(6) };
  const warped = layOver(still, still, { homography: IDENTITY }, sheet);
  const straight = layOver(still, still, { homography: [1, 0, 3 / half, 0, 1, 0, 0, 0, 1] });
  const at = 60 * SIDE + 55;
  const difference = (other: Float32Array | null | undefined) => Math.abs((warped?.[at] ?? 0) - (other?.[at] ?? 0));
  // A pixel at the rim more or less changes the light a little.
  expect(difference(straight)).toBeLessThan(0.2);
  expect(difference(still.levels[0]?.data)).toBeGreaterThan(2);
});

test('two different pictures do not fit, if they can be laid on each other at all', () => {
  const moved = misfit(preparePatch(faceView(crop, planar([1, 0.07, 0, -0.07, 1, 0, 0, 0, 1])), SIDE));
  expect(misfit(preparePatch(faceView(crop).reverse(), SIDE))).toBeGreaterThan(4 * moved);
});

test('a start that leads out of the picture leaves nothing to compare', () => {
  const outside: Homography = [1, 0, 3, 0, 1, 0, 0, 0, 1];
  expect(alignPatches(still, still, outside)).toBeNull();
  expect(layOver(still, still, { homography: outside })).toBeNull();
});

test('a patch without anything in it is no reason to fail', () => {
  const plain = preparePatch(new Uint8Array(SIDE * SIDE).fill(90), SIDE);
  const alignment = alignPatches(plain, plain);
  expect(alignment?.homography ?? IDENTITY).toEqual(IDENTITY.map((value) => expect.closeTo(value, 9)));
});
