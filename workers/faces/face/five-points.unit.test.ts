import { expect, test } from 'vitest';
import { fivePoints } from './five-points.ts';

test('eyes as the middles of their outlines, the tip of the nose, the corners of the mouth', () => {
  // Point n lies at (n, n squared), so that a mean of the wrong six is another number.
  const landmarks = Float32Array.from({ length: 136 }, (_, i) => (i % 2 === 0 ? i / 2 : (i >> 1) ** 2));
  const meanSquare = (from: number) => [0, 1, 2, 3, 4, 5].reduce((sum, i) => sum + (from + i) ** 2, 0) / 6;
  expect(fivePoints(landmarks)).toEqual([
    [38.5, meanSquare(36)],
    [44.5, meanSquare(42)],
    [30, 900],
    [48, 2304],
    [54, 2916],
  ]);
});
