import { expect, test } from 'vitest';
import { cutRecordings } from './cut-recordings.ts';

test('recordings are spread from the first frame of the clip to its last', () => {
  expect(cutRecordings(20, 30, { count: 4, fps: 15, atMost: 3 })).toEqual([
    [0, 2, 4, 6],
    [6, 8, 10, 12],
    [13, 15, 17, 19],
  ]);
});

test('one recording is taken from the middle', () => {
  expect(cutRecordings(10, 10, { count: 4, fps: 10, atMost: 1 })).toEqual([[3, 4, 5, 6]]);
});

test('a slow clip gives its own frames, each once', () => {
  expect(cutRecordings(3, 8, { count: 3, fps: 15, atMost: 3 })).toEqual([[0, 1, 2]]);
});

test('a step that is no whole number stays within the clip', () => {
  expect(cutRecordings(5, 25, { count: 3, fps: 15, atMost: 3 })).toEqual([[0, 2, 3]]);
});

test('a clip that is too short gives none', () => {
  expect(cutRecordings(4, 25, { count: 3, fps: 15, atMost: 3 })).toEqual([]);
  expect(cutRecordings(0, 25, { count: 3, fps: 15, atMost: 3 })).toEqual([]);
});

test('a short clip is not cut into nearly the same recording again and again', () => {
  expect(cutRecordings(12, 10, { count: 10, fps: 10, atMost: 3 })).toHaveLength(1);
});
