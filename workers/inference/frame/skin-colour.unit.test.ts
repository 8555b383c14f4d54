import { expect, test } from 'vitest';
import { paintedPicture } from '../testing/painted-picture.ts';
import { skinColours } from './skin-colour.ts';

/** Landmarks with the points that matter at these places, all others far away. */
function landmarksAt(points: Record<number, readonly [number, number]>): Float32Array {
  const landmarks = new Float32Array(136).fill(-1000);
  for (const [point, place] of Object.entries(points)) landmarks.set(place, Number(point) * 2);
  return landmarks;
}

// The chin 50 below the root of the nose: a face of 80, squares of 11.2, and the forehead 9.6 above the brows.
const FRONTAL = landmarksAt({
  8: [100, 150],
  27: [100, 100],
  21: [90, 94],
  22: [110, 94],
  2: [60, 110],
  31: [90, 120],
  48: [85, 140],
  14: [140, 110],
  35: [110, 120],
  54: [115, 140],
});
const FOREHEAD = { x: 100, y: 84.4 };
const LEFT = { x: 78.3, y: 123.3 };
const RIGHT = { x: 121.7, y: 123.3 };

const isNear = (x: number, y: number, place: { x: number; y: number }) =>
  Math.abs(x - place.x) <= 8 && Math.abs(y - place.y) <= 8;

test('three patches of skin, in their order, red, green and blue of each', () => {
  const picture = paintedPicture(200, 200, (x, y) => {
    if (isNear(x, y, FOREHEAD)) return [200, 150, 120];
    if (isNear(x, y, LEFT)) return [180, 130, 100];
    return isNear(x, y, RIGHT) ? [160, 110, 80] : [0, 0, 255];
  });
  expect([...skinColours(picture, FRONTAL)]).toEqual([200, 150, 120, 180, 130, 100, 160, 110, 80]);
});

test('each is a mean over a square, not one pixel', () => {
  const picture = paintedPicture(200, 200, (x, y) => ((x + y) % 2 === 0 ? [200, 100, 50] : [100, 50, 0]));
  const [red = 0, green = 0, blue = 0] = skinColours(picture, FRONTAL);
  expect(Math.abs(red - 150)).toBeLessThan(1);
  expect(Math.abs(green - 75)).toBeLessThan(1);
  expect(Math.abs(blue - 25)).toBeLessThan(1);
});

test('at the edge of the picture what is there counts; beyond it nothing does, and nothing is not NaN', () => {
  const picture = paintedPicture(100, 130, () => [90, 80, 70]);
  // The right cheek is beyond the right edge.
  expect([...skinColours(picture, FRONTAL)]).toEqual([90, 80, 70, 90, 80, 70, 0, 0, 0]);
});
