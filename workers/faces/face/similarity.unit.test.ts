import { expect, test } from 'vitest';
import type { Point } from './five-points.ts';
import { applySimilarity, fitSimilarity } from './similarity.ts';

const SQUARE: Point[] = [
  [0, 0],
  [10, 0],
  [10, 10],
  [0, 10],
];
const near = ([x, y]: Point) => [expect.closeTo(x, 9), expect.closeTo(y, 9)];

test('a quarter turn, twice as large and moved: every point where it belongs, and points between them too', () => {
  const turned: Point[] = SQUARE.map(([x, y]) => [100 - 2 * y, 50 + 2 * x]);
  const similarity = fitSimilarity(SQUARE, turned);
  expect(similarity).toEqual({ a: expect.closeTo(0, 9), b: expect.closeTo(2, 9), tx: 100, ty: 50 });
  expect(applySimilarity(similarity, [5, 1])).toEqual(near([98, 60]));
});

test('points that are stretched are met in the middle: no stretching', () => {
  const stretched: Point[] = SQUARE.map(([x, y]) => [x * 3, y]);
  expect(fitSimilarity(SQUARE, stretched)).toMatchObject({ a: expect.closeTo(2, 9), b: expect.closeTo(0, 9) });
});

test('points that are mirrored are not mirrored back: they shrink to where that matters least', () => {
  const face: Point[] = [
    [0, 0],
    [10, 0],
    [5, 8],
  ];
  const mirrored = face.map(([x, y]): Point => [10 - x, y]);
  const similarity = fitSimilarity(face, mirrored);
  expect(similarity).toMatchObject({ a: expect.closeTo(-0.0791, 3), b: expect.closeTo(0, 9) });
  expect(applySimilarity(similarity, [5, 8 / 3])).toEqual(near([5, 8 / 3]));
});

test('points that all lie on one are moved, and nothing else', () => {
  expect(
    fitSimilarity(
      [
        [3, 4],
        [3, 4],
      ],
      [
        [5, 5],
        [7, 7],
      ],
    ),
  ).toEqual({ a: 1, b: 0, tx: 3, ty: 2 });
});
