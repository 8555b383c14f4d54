import { expect, test } from 'vitest';
import { samplingOf } from './sampling.ts';

const chosen = (step: 'detect' | 'square' | 'whole', count: number) =>
  Array.from({ length: count }, (_, ordinal) => ordinal).filter((ordinal) => samplingOf(ordinal)[step]);

test('the first frame is looked for, and judged', () => {
  expect(samplingOf(0)).toEqual({ detect: true, square: true, whole: false });
});

test('of ten frames texture is read in five, the views taking turns', () => {
  expect(chosen('square', 10)).toEqual([0, 4, 8]);
  expect(chosen('whole', 10)).toEqual([2, 6]);
});

test('of longer recordings one in six, in turns as before', () => {
  expect(chosen('square', 60)).toEqual([0, 4, 8, 16, 28, 40, 52]);
  expect(chosen('whole', 60)).toEqual([2, 6, 10, 22, 34, 46, 58]);
});

test('both views are seen about as often, however long it is', () => {
  for (const count of [30, 50, 90, 120, 150, 250]) {
    expect(Math.abs(chosen('square', count).length - chosen('whole', count).length)).toBeLessThanOrEqual(1);
  }
});

test('the detector is asked afresh in every fifth', () => {
  expect(chosen('detect', 21)).toEqual([0, 5, 10, 15, 20]);
});

test('a frame that is of interest only for how it moves goes through none of it', () => {
  expect(samplingOf(null)).toEqual({ detect: false, square: false, whole: false });
});
