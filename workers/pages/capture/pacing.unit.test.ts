import { expect, test } from 'vitest';
import { dueAfter, FRAMES_A_SECOND, framesASecond } from './pacing.ts';

/** Times of the frames that are taken of a camera with this rate. */
function taken(cameraFps: number, seconds: number, jitter: (index: number) => number = () => 0): number[] {
  let dueMs: number | null = null;
  const times: number[] = [];
  for (let i = 0; i < cameraFps * seconds; i++) {
    const atMs = (i * 1000) / cameraFps + jitter(i);
    const next = dueAfter(dueMs, atMs);
    if (next === null) continue;
    dueMs = next;
    times.push(atMs);
  }
  return times;
}

test.each([24, 25, 30, 60])('of a camera with %i frames a second, twelve are taken, evenly', (cameraFps) => {
  const times = taken(cameraFps, 10, (i) => (i % 3) - 1);
  expect(times.length / 10).toBeCloseTo(FRAMES_A_SECOND, 0);
  const gaps = times.slice(1).map((time, i) => time - (times[i] ?? 0));
  expect(Math.max(...gaps) - Math.min(...gaps)).toBeLessThan(1000 / cameraFps + 5);
});

test('of a slow camera every frame is taken', () => {
  expect(taken(7, 3)).toHaveLength(21);
});

test('after a pause there is no burst', () => {
  const dueMs = dueAfter(null, 0);
  const resumed = dueAfter(dueMs, 5000);
  expect(resumed).toBeGreaterThan(5080);
  expect(dueAfter(resumed, 5033)).toBeNull();
});

test('the rate is told from the first frame to the last', () => {
  expect(framesASecond(10, 1000, 1750)).toBe(12);
  expect(framesASecond(30, 0, 2417)).toBe(12);
  expect(framesASecond(3, 0, 1)).toBe(120);
});

test('a rate that cannot be told is not', () => {
  expect(framesASecond(1, 0, 500)).toBeNull();
  expect(framesASecond(10, 500, 500)).toBeNull();
  expect(framesASecond(10, Number.NaN, 500)).toBeNull();
});
