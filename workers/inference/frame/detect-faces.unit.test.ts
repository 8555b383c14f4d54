import { expect, test, vi } from 'vitest';
import { paintedPicture } from '../testing/painted-picture.ts';
import { detectorOutput, type SeenFace } from '../testing/stub-networks.ts';
import { detectFaces } from './detect-faces.ts';
import type { Networks } from './networks.ts';

const wide = paintedPicture(64, 48, () => [191, 127, 63]);
const WHOLE = { x: 0, y: 0, width: 64, height: 48 };

async function facesAmong(seen: readonly SeenFace[], region = WHOLE, picture = wide) {
  return await detectFaces(picture, region, { detectFaces: async () => detectorOutput(seen) });
}

const nearBox = (x: number, y: number, width: number, height: number) => ({
  x: expect.closeTo(x, 3),
  y: expect.closeTo(y, 3),
  width: expect.closeTo(width, 3),
  height: expect.closeTo(height, 3),
});

test('corners that are shares of the region become a box in pixels of the picture', async () => {
  const [face, ...others] = await facesAmong([[0.9, 0.25, 0.5, 0.75, 1]], { x: 10, y: 4, width: 40, height: 30 });
  // The region is wider than high, and so seen as it is.
  expect(face).toEqual({ box: nearBox(20, 19, 20, 15), confidence: expect.closeTo(0.9, 5) });
  expect(others).toEqual([]);
});

test('an upright region is seen with room on both sides, and boxes come back to where they are', async () => {
  const upright = paintedPicture(48, 96, () => [1, 2, 3]);
  const region = { x: 4, y: 6, width: 40, height: 80 };
  // Seen is a square of 80, from -16 to 64: the left and right quarter are beyond the region.
  const [face] = await facesAmong([[0.9, 0.25, 0.1, 0.75, 0.6]], region, upright);
  expect(face?.box).toEqual(nearBox(4, 14, 40, 40));
});

test('an upright picture is not flattened: what is as wide as high stays so on the 4:3 input', async () => {
  // A white square of 24 in the middle of 48 x 96: half of the width, a quarter of the height.
  const isMarked = (x: number, y: number) => x >= 12 && x < 36 && y >= 36 && y < 60;
  const upright = paintedPicture(48, 96, (x, y) => (isMarked(x, y) ? [255, 255, 255] : [0, 0, 0]));
  const { input } = await inputFor(upright, { x: 0, y: 0, width: 48, height: 96 });
  const lit = (x: number, y: number) => (input[y * 320 + x] ?? 0) > 0;
  const across = Array.from({ length: 320 }, (_, x) => lit(x, 120)).filter(Boolean).length;
  const down = Array.from({ length: 240 }, (_, y) => lit(160, y)).filter(Boolean).length;
  expect([across, down]).toEqual([80, 60]);
});

test('the network is fed 320 x 240 in planes, red first, round zero', async () => {
  const { input } = await inputFor(wide, WHOLE);
  const plane = 320 * 240;
  expect(input).toHaveLength(3 * plane);
  const ends = [0, plane - 1, plane, 2 * plane - 1, 2 * plane, 3 * plane - 1];
  const expected = [0.5, 0.5, 0, 0, -0.5, -0.5].map((value) => expect.closeTo(value, 5));
  expect(ends.map((at) => input[at])).toEqual(expected);
});

test('what is unsure, empty or no number is no face', async () => {
  const faces = await facesAmong([
    [0.59, 0.1, 0.1, 0.2, 0.2],
    [0.61, 0.3, 0.3, 0.4, 0.4],
    [Number.NaN, 0.5, 0.5, 0.6, 0.6],
    [0.99, 0.8, 0.8, 0.7, 0.9],
    [0.99, 0.7, 0.9, 0.8, 0.9],
  ]);
  expect(faces.map(({ confidence }) => confidence)).toEqual([expect.closeTo(0.61, 5)]);
});

test('of boxes that overlap the surest stays; others stay too, the surest first', async () => {
  const faces = await facesAmong([
    [0.7, 0.1, 0.1, 0.3, 0.3],
    [0.95, 0.12, 0.1, 0.32, 0.3],
    [0.9, 0.11, 0.12, 0.31, 0.32],
    [0.97, 0.6, 0.6, 0.9, 0.9],
    // Overlaps the one before by a sixth: another face.
    [0.8, 0.8, 0.6, 1, 0.9],
  ]);
  expect(faces.map(({ confidence }) => Number(confidence.toFixed(2)))).toEqual([0.97, 0.95, 0.8]);
});

test('a picture without a face gives none', async () => {
  expect(await facesAmong([[0.1, 0, 0, 1, 1]])).toEqual([]);
  expect(await facesAmong([])).toEqual([]);
});

async function inputFor(picture: typeof wide, region: typeof WHOLE): Promise<{ input: Float32Array }> {
  const network = vi.fn<Networks['detectFaces']>(async () => detectorOutput([]));
  await detectFaces(picture, region, { detectFaces: network });
  expect(network).toHaveBeenCalledTimes(1);
  return { input: network.mock.calls[0]?.[0] ?? new Float32Array() };
}
