import { expect, test } from 'vitest';
import type { FivePoints, Point } from './five-points.ts';
import { turnOf } from './turn.ts';

const face = (nose: Point, tilt = 0): FivePoints => {
  const turned = ([x, y]: Point): Point => [
    x * Math.cos(tilt) - y * Math.sin(tilt),
    x * Math.sin(tilt) + y * Math.cos(tilt),
  ];
  return [turned([0, 0]), turned([10, 0]), turned(nose), turned([2, 12]), turned([8, 12])];
};

test('0 where the nose is in the middle, 1 below an eye, whichever', () => {
  expect(turnOf(face([5, 6]))).toBe(0);
  expect(turnOf(face([0, 6]))).toBe(1);
  expect(turnOf(face([10, 6]))).toBe(1);
  expect(turnOf(face([12, 6]))).toBeCloseTo(1.4, 9);
});

test('a tilted head is not turned', () => {
  expect(turnOf(face([5, 6], 0.7))).toBeCloseTo(0, 9);
  expect(turnOf(face([0, 6], -1.2))).toBeCloseTo(1, 9);
});

test('eyes in one place are turned as far as can be', () => {
  expect(
    turnOf([
      [1, 1],
      [1, 1],
      [3, 3],
      [1, 5],
      [2, 5],
    ]),
  ).toBe(Number.POSITIVE_INFINITY);
});
