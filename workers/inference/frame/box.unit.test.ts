import { expect, test } from 'vitest';
import { intersectionOverUnion, intoSquare, squareAround, squareWithin } from './box.ts';

const box = (x: number, y: number, width: number, height: number) => ({ x, y, width, height });

test.each([
  ['the same box', box(0, 0, 10, 10), 1],
  ['half of it', box(0, 0, 5, 10), 0.5],
  ['shifted by half', box(5, 0, 10, 10), 1 / 3],
  ['next to it', box(10, 0, 10, 10), 0],
  ['beyond it both ways', box(20, 20, 10, 10), 0],
])('overlap with %s', (_, other, share) => {
  expect(intersectionOverUnion(box(0, 0, 10, 10), other)).toBeCloseTo(share, 9);
  expect(intersectionOverUnion(other, box(0, 0, 10, 10))).toBeCloseTo(share, 9);
});

test('a square round the middle of a box, wherever that lies', () => {
  expect(squareAround(box(10, 20, 20, 40), 60)).toEqual(box(-10, 10, 60, 60));
});

test.each([
  ['stays where it fits', box(20, 20, 30, 30), box(20, 20, 30, 30)],
  ['is moved in from the left and top', box(-10, -10, 30, 30), box(5, 6, 30, 30)],
  ['is moved in from the right and bottom', box(90, 70, 30, 30), box(75, 56, 30, 30)],
  ['is made smaller where the picture is', box(10, 10, 200, 200), box(25, 6, 80, 80)],
])('a square within a picture %s', (_, square, expected) => {
  expect(squareWithin(box(5, 6, 100, 80), square)).toEqual(expected);
});

test('a box of the picture where it lies in a cut-out', () => {
  expect(intoSquare(box(60, 40, 20, 30), box(52, 24, 96, 96), 192)).toEqual(box(16, 32, 40, 60));
});
