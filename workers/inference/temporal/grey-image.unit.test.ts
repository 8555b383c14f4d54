import { expect, test } from 'vitest';
import { seededRandom } from '#shared/testing/seeded-random.ts';
import { realFaceCrop } from '../testing/real-face.ts';
import { blur, evenLight, type GreyImage, halve, slopesOf, toGrey } from './grey-image.ts';
import { standardDeviation } from './statistics.ts';
import { faceView } from './testing/face-view.ts';

function imageOf(side: number, grey: (x: number, y: number) => number): GreyImage {
  const data = Float32Array.from({ length: side * side }, (_, at) => grey(at % side, Math.floor(at / side)));
  return { side, data };
}

/** Pixels that are at least `rim` away from the edge. */
function inner({ side, data }: GreyImage, rim: number): number[] {
  return [...data].filter((_, at) => {
    const [x, y] = [at % side, Math.floor(at / side)];
    return x >= rim && y >= rim && x < side - rim && y < side - rim;
  });
}

const largest = (values: readonly number[]) => values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);

test('blurring leaves a slope as it is, and takes noise out', () => {
  const slope = imageOf(20, (x, y) => 3 * x + 2 * y);
  const blurred = blur(slope);
  for (const [at, value] of inner(blurred, 2).entries()) expect(value).toBeCloseTo(inner(slope, 2)[at] ?? 0, 3);
  const random = seededRandom(1);
  const noise = imageOf(40, () => 20 * (random() - 0.5));
  expect(standardDeviation(blur(noise).data)).toBeLessThan(0.5 * standardDeviation(noise.data));
});

test('blurring spreads one pixel alike in all directions and keeps its sum', () => {
  const { data } = blur(imageOf(9, (x, y) => (x === 4 && y === 4 ? 100 : 0)));
  const at = (x: number, y: number) => data[y * 9 + x] ?? 0;
  expect(at(4, 4)).toBeCloseTo(25, 3);
  expect([at(3, 4), at(5, 4), at(4, 3), at(4, 5)]).toEqual(Array(4).fill(expect.closeTo(11.425, 3)));
  expect([at(2, 4), at(6, 4), at(4, 2), at(4, 6)]).toEqual(Array(4).fill(expect.closeTo(1.075, 3)));
  expect(data.reduce((sum, value) => sum + value, 0)).toBeCloseTo(100, 2);
});

test('halving takes the mean of four', () => {
  const half = halve(toGrey(Uint8Array.of(1, 3, 10, 20, 5, 7, 30, 40, 0, 0, 1, 1, 0, 0, 1, 1), 4));
  expect(half.side).toBe(2);
  expect([...half.data]).toEqual([4, 25, 0, 1]);
});

test('slopes are what a pixel is steep by, none on the rim', () => {
  const { x, y } = slopesOf(imageOf(6, (column, row) => 3 * column - 2 * row));
  expect([x[2 * 6 + 3], y[2 * 6 + 3]]).toEqual([3, -2]);
  for (const at of [0, 3, 5, 12, 17, 30, 33]) expect([x[at], y[at]]).toEqual([0, 0]);
});

test('a ramp of light alone leaves nothing inside', () => {
  const lit = evenLight(imageOf(60, (x, y) => 40 + 2 * x + y));
  expect(largest(inner(lit, 7))).toBeLessThan(0.01);
});

test('a face under a ramp, a dimmer or a brighter light looks the same', async () => {
  const face = toGrey(faceView(await realFaceCrop()), 112);
  const usual = evenLight(face);
  const contrast = standardDeviation(usual.data);
  const lights: ((at: number) => number)[] = [(at) => 0.75 + (0.4 * (at % 112)) / 111, () => 0.7, () => 1.3];
  for (const light of lights) {
    const { data } = evenLight({ side: 112, data: face.data.map((value, at) => value * light(at)) });
    const change = standardDeviation(data.map((value, at) => value - (usual.data[at] ?? 0)));
    expect(change).toBeLessThan(0.15 * contrast);
  }
});

test('noise on a plain wall is not blown up', () => {
  const random = seededRandom(4);
  const wall = evenLight(imageOf(60, () => 120 + 2 * (random() - 0.5)));
  const edge = evenLight(imageOf(60, (x) => (x % 10 < 5 ? 60 : 180)));
  expect(standardDeviation(wall.data)).toBeLessThan(4);
  expect(standardDeviation(edge.data)).toBeGreaterThan(18);
});
