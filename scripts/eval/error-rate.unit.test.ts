import { expect, test } from 'vitest';
import { errorRate, wilsonInterval } from './error-rate.ts';

// By hand, for 1 of 10: z2 = 3.841459, middle = (0.1 + 0.192073) / 1.384146, half = 1.959964 / 1.384146 * sqrt(0.009 + 0.009604).
test.each([
  [1, 10, 0.0179, 0.4042],
  [5, 10, 0.2366, 0.7634],
  [0, 10, 0, 0.2775],
  [10, 10, 0.7225, 1],
  [7, 33, 0.1068, 0.3775],
])('Wilson for %i of %i', (errors, trials, low, high) => {
  const interval = wilsonInterval(errors, trials);
  expect(interval.low).toBeCloseTo(low, 4);
  expect(interval.high).toBeCloseTo(high, 4);
});

test('nothing tried says nothing', () => {
  expect(wilsonInterval(0, 0)).toEqual({ low: 0, high: 1 });
});

test('a rate comes with what it was counted from', () => {
  expect(errorRate(3, 12)).toMatchObject({ errors: 3, trials: 12, rate: 0.25 });
});
