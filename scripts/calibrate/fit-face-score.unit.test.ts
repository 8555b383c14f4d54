import { expect, test } from 'vitest';
import type { Pair } from '../eval/faces/compare-photographs.ts';
import { fitFaceScore } from './fit-face-score.ts';

/** So many unrelated pairs that each 0.1 of cosine is ten times rarer. */
function exponential(count: number): Pair[] {
  return Array.from({ length: count }, (_, i) => ({
    cosine: -0.1 * Math.log10((i + 1) / count),
    first: 'a',
    second: 'b',
  }));
}

test('each tenth of the pairs is 0.1 of score, measured and beyond', () => {
  const { knots, samePersonCosine } = fitFaceScore(exponential(1_000_000));
  expect(knots.map(([, score]) => score)).toEqual([0, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1]);
  for (const [place, [cosine]] of knots.slice(1, -1).entries()) expect(cosine).toBeCloseTo(0.1 * (place + 1), 2);
  expect(samePersonCosine).toBeCloseTo(0.2, 2);
  expect([knots[0], knots.at(-1)]).toEqual([
    [-1, 0],
    [1, 1],
  ]);
});

test('it grows all the way', () => {
  const { knots } = fitFaceScore(exponential(20_000));
  for (const [place, [cosine]] of knots.entries()) {
    if (place > 0) expect(cosine).toBeGreaterThan(knots[place - 1]?.[0] ?? 1);
  }
});
