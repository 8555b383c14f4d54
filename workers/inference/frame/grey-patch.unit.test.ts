import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { paintedPicture } from '../testing/painted-picture.ts';
import { contentHash, greyPatch } from './grey-patch.ts';

test.each([
  ['red', [255, 0, 0] as const, 76],
  ['green', [0, 255, 0] as const, 150],
  ['blue', [0, 0, 255] as const, 29],
  ['white', [255, 255, 255] as const, 255],
])('%s weighs as the eye sees it', (_, colour, grey) => {
  const patch = greyPatch(paintedPicture(224, 224, () => colour));
  expect(patch).toHaveLength(112 * 112);
  expect(new Set(patch)).toEqual(new Set([grey]));
});

test('each pixel is the mean of four, at its place', () => {
  const four = [10, 30, 50, 110];
  const crop = paintedPicture(224, 224, (x, y) => {
    const inBlock = x >> 1 === 40 && y >> 1 === 7;
    const grey = inBlock ? (four[(y & 1) * 2 + (x & 1)] ?? 0) : 200;
    return [grey, grey, grey];
  });
  const patch = greyPatch(crop);
  expect([patch[7 * 112 + 40], patch[7 * 112 + 41], patch[8 * 112 + 40], patch[40 * 112 + 7]]).toEqual([
    50, 200, 200, 200,
  ]);
});

test('the hash is the beginning of a SHA-256 of the patch, and tells one grey value', async () => {
  const patch = Uint8Array.from({ length: 112 * 112 }, (_, at) => at);
  const whole = createHash('sha256').update(patch).digest('hex');
  expect(await contentHash(patch)).toBe(whole.slice(0, 32));
  patch[5000] = (patch[5000] ?? 0) ^ 1;
  expect(await contentHash(patch)).not.toBe(whole.slice(0, 32));
});
