import { expect, test } from 'vitest';
import type { FrameEvidence } from '../../shared/rpc/inference.ts';
import { faceEvidence, frameOf } from '../../workers/inference/testing/evidence.ts';
import { asSampled, cutWindows } from './windows.ts';

/** A clip whose frames are numbered. */
const clip = (count: number): FrameEvidence[] =>
  Array.from({ length: count }, (_, index) => {
    const textureMargins = { square: index, whole: -index };
    return frameOf(faceEvidence({ contentHash: `${index}`, textureMargins }));
  });
const numbersOf = (window: readonly FrameEvidence[]) => window.map(({ face }) => Number(face?.contentHash));

test('at the rate of the clip a recording is frames in a row', () => {
  const [first, ...others] = cutWindows(clip(10), 30, 10, 30, 4).map(numbersOf);
  expect(first).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  expect(others).toEqual([]);
});

test('at a third of it, every third', () => {
  const [window = []] = cutWindows(clip(100), 30, 10, 10, 1).map(numbersOf);
  expect(window).toEqual([0, 3, 6, 9, 12, 15, 18, 21, 24, 27]);
});

test('at a rate that does not divide it, the nearest', () => {
  const [window = []] = cutWindows(clip(100), 25, 6, 10, 1).map(numbersOf);
  expect(window).toEqual([0, 3, 5, 8, 10, 13]);
});

test('several are spread from the beginning to the end', () => {
  const windows = cutWindows(clip(300), 30, 10, 30, 4).map(numbersOf);
  expect(windows.map(([first]) => first)).toEqual([0, 96, 193, 290]);
  expect(windows.map((window) => window.length)).toEqual([10, 10, 10, 10]);
  expect(windows.at(-1)?.at(-1)).toBe(299);
});

test('of a short clip there are fewer, so that they overlap little', () => {
  expect(cutWindows(clip(20), 30, 10, 30, 4)).toHaveLength(3);
  expect(cutWindows(clip(14), 30, 10, 30, 4)).toHaveLength(2);
  expect(cutWindows(clip(13), 30, 10, 30, 4)).toHaveLength(1);
});

test('none of a clip that is too short, or has too few frames a second', () => {
  expect(cutWindows(clip(9), 30, 10, 30, 4)).toEqual([]);
  expect(cutWindows(clip(27), 30, 10, 10, 4)).toEqual([]);
  expect(cutWindows(clip(28), 30, 10, 10, 4)).toHaveLength(1);
  expect(cutWindows(clip(300), 15, 10, 30, 4)).toEqual([]);
  // 25 frames for 30 are near enough: no frame twice but one in six.
  expect(cutWindows(clip(300), 25, 10, 30, 4)).toHaveLength(4);
});

test('each frame keeps the texture that a check would have looked at', () => {
  const [window = []] = cutWindows(clip(300), 30, 12, 30, 1);
  const views = window.map(({ face }) => [face?.textureMargins.square ?? null, face?.textureMargins.whole ?? null]);
  expect(views).toEqual([
    [0, null],
    [null, null],
    [null, -2],
    [null, null],
    [4, null],
    [null, null],
    [null, -6],
    [null, null],
    [8, null],
    [null, null],
    [null, -10],
    [null, null],
  ]);
});

test('of both texture networks alike, and nothing is made up for a record that lacks ours', () => {
  const recaptureMargins = { square: 5, whole: -5 };
  const { recaptureMargins: _, ...before } = faceEvidence();
  const sampled = [0, 1, 2].map((ordinal) => asSampled(frameOf(faceEvidence({ recaptureMargins })), ordinal));
  expect(sampled.map(({ face }) => face?.recaptureMargins)).toEqual([
    { square: 5, whole: null },
    { square: null, whole: null },
    { square: null, whole: -5 },
  ]);
  expect(asSampled(frameOf(before), 0).face).not.toHaveProperty('recaptureMargins');
});

test('a frame without a face stays one', () => {
  expect(asSampled(frameOf(null), 0)).toEqual(frameOf(null));
});
