import { expect, test } from 'vitest';
import { mean, median, quantile, standardDeviation } from './statistics.ts';

test('mean and deviation of known numbers, and of none', () => {
  expect(mean([1, 2, 6])).toBe(3);
  expect(standardDeviation([2, 4, 4, 4, 5, 5, 7, 9])).toBe(2);
  expect([mean([]), standardDeviation([])]).toEqual([0, 0]);
});

test('quantiles lie between the numbers, whatever their order', () => {
  const values = [40, 10, 30, 20];
  expect([0, 0.25, 0.5, 1].map((share) => quantile(values, share))).toEqual([10, 17.5, 25, 40]);
  expect(values).toEqual([40, 10, 30, 20]);
  expect(median([100, 9, 8])).toBe(9);
});

test('of no numbers there is no quantile', () => {
  expect(quantile([], 0.5)).toBeNaN();
});
