import { expect, test } from 'vitest';
import { type Homography, IDENTITY, invert, multiply } from './homography.ts';

const TILTED: Homography = [1.1, 0.05, 0.2, -0.1, 0.9, -0.3, 0.05, -0.02, 1];
const SHIFTED: Homography = [1, 0, 2, 0, 1, 3, 0, 0, 1];
const TWICE: Homography = [2, 0, 0, 0, 2, 0, 0, 0, 1];

const near = (values: readonly number[]) => values.map((value) => expect.closeTo(value, 9));

test('a matrix and its inverse undo each other, in either order', () => {
  const inverse = invert(TILTED) ?? [];
  expect(multiply(TILTED, inverse)).toEqual(near(IDENTITY));
  expect(multiply(inverse, TILTED)).toEqual(near(IDENTITY));
});

test('of a product the second is done first', () => {
  expect(multiply(SHIFTED, TWICE)).toEqual([2, 0, 2, 0, 2, 3, 0, 0, 1]);
  expect(multiply(TWICE, SHIFTED)).toEqual([2, 0, 4, 0, 2, 6, 0, 0, 1]);
});

test('the last number is always 1', () => {
  expect(multiply(TILTED, TILTED)[8]).toBe(1);
  expect(invert([2, 0, 0, 0, 2, 0, 0, 0, 2])).toEqual(near(IDENTITY));
});

test.each([
  ['flattens', [1, 1, 0, 1, 1, 0, 0, 0, 1]],
  ['is no number', [Number.NaN, 0, 0, 0, 1, 0, 0, 0, 1]],
])('a matrix that %s has no inverse', (_, matrix) => {
  expect(invert(matrix)).toBeNull();
});
