import { expect, it } from 'vitest';
import { askedWaitMs, LONGEST_WAIT_MS, MOST_ATTEMPTS, waitAfterMs } from './backoff.ts';

const QUEUE_WAITS_AT_MOST_MS = 12 * 60 * 60 * 1000;
const attempts = Array.from({ length: MOST_ATTEMPTS - 1 }, (_, i) => i + 1);

it('waits longer each time, over a day and more in all, and then gives up', () => {
  const waits = attempts.map((attempt) => waitAfterMs(attempt, 0) ?? 0);
  expect(waits).toEqual([5e3, 6e4, 3e5, 18e5, 72e5, 18e6, 36e6, 432e5]);
  expect(waits.reduce((sum, wait) => sum + wait)).toBeGreaterThan(24 * 3600e3);
  expect(waitAfterMs(MOST_ATTEMPTS, 0)).toBeNull();
});

it('spreads what failed together, never beyond what the queue can wait', () => {
  for (const attempt of attempts) {
    const [longest, shortest] = [waitAfterMs(attempt, 0) ?? 0, waitAfterMs(attempt, 1) ?? 0];
    expect(shortest).toBeCloseTo(longest * 0.8, -1);
    expect(longest).toBeLessThanOrEqual(QUEUE_WAITS_AT_MOST_MS);
  }
});

it('hears a receiver that asks for more time, within limits', () => {
  expect(waitAfterMs(1, 0, 90_000)).toBe(90_000);
  expect(waitAfterMs(5, 0, 90_000)).toBe(72e5);
  expect(waitAfterMs(1, 0, 999_999_000)).toBe(LONGEST_WAIT_MS);
  expect(waitAfterMs(MOST_ATTEMPTS, 0, 90_000)).toBeNull();
});

it.each([
  ['120', 120_000],
  [' 5 ', 5_000],
  ['0', 0],
  ['-1', 0],
  ['1e3', 0],
  ['99999999', 0],
  ['Wed, 21 Oct 2026 07:28:00 GMT', 0],
  ['', 0],
  [null, 0],
])('Retry-After: %j', (text, expected) => expect(askedWaitMs(text)).toBe(expected));
