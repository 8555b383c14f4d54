import { expect, test, vi } from 'vitest';
import { paintedPicture } from '../testing/painted-picture.ts';
import { findLandmarks, greyFace, luminance } from './landmarks.ts';
import type { Networks } from './networks.ts';

const FACE = { x: 40, y: 30, width: 50, height: 100 };
const BOUNDS = { x: 0, y: 0, width: 160, height: 160 };

test('the face is seen with a tenth of room on each side', () => {
  const { region, side, data } = greyFace(
    paintedPicture(160, 160, () => [255, 255, 255]),
    FACE,
    BOUNDS,
  );
  expect(region).toEqual({ x: 35, y: 20, width: 60, height: 120 });
  expect(side).toBe(64);
  expect(data).toHaveLength(64 * 64);
  expect(data[0]).toBeCloseTo(255 / 256, 5);
});

test('grey is weighed as the eye sees it', () => {
  expect(luminance([9, 100, 50, 200], 1)).toBeCloseTo(0.299 * 100 + 0.587 * 50 + 0.114 * 200, 9);
});

test('the points come back in pixels of the picture, x and y in turn', async () => {
  const grey = greyFace(
    paintedPicture(160, 160, (x) => [x, x, x]),
    FACE,
    BOUNDS,
  );
  const shares = Float32Array.from({ length: 136 }, (_, at) => (at % 2 === 0 ? 0.25 : 0.75));
  shares.set([0, 1], 134);
  const network = vi.fn<Networks['findLandmarks']>(async () => shares);
  const points = await findLandmarks(grey, { findLandmarks: network });
  expect(network).toHaveBeenCalledExactlyOnceWith(grey.data);
  expect(points).toHaveLength(136);
  expect([...points.subarray(0, 4), ...points.subarray(134)]).toEqual([50, 110, 50, 110, 35, 140]);
});

test('a network that is given only the face sees it from left to right', () => {
  const { data } = greyFace(
    paintedPicture(160, 160, (x) => [x, x, x]),
    FACE,
    BOUNDS,
  );
  // Column 0 of 64 lies at 35 + 60 / 128 - 0.5.
  expect((data[0] ?? 0) * 256).toBeCloseTo(34.97, 1);
  expect((data[63] ?? 0) * 256).toBeCloseTo(94.03, 1);
});
