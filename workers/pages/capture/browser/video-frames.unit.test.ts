import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { onEachFrame } from './video-frames.ts';

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

test('where a browser does not say when a frame is new, the time of the video does', () => {
  const video = { currentTime: 0 };
  const seen = vi.fn<(atMs: number) => void>();
  const ended = new AbortController();
  onEachFrame(video as HTMLVideoElement, ended.signal, seen);
  vi.advanceTimersByTime(60);
  // The picture that was there from the beginning, once.
  expect(seen).toHaveBeenCalledTimes(1);
  video.currentTime = 0.04;
  vi.advanceTimersByTime(60);
  expect(seen).toHaveBeenCalledTimes(2);
  ended.abort();
  video.currentTime = 0.08;
  vi.advanceTimersByTime(60);
  expect(seen).toHaveBeenCalledTimes(2);
  expect(vi.getTimerCount()).toBe(0);
});

test('where it does, each frame is asked for anew, until the recording has ended', () => {
  const asked: ((atMs: number) => void)[] = [];
  const video = { requestVideoFrameCallback: (call: (atMs: number) => void) => asked.push(call) };
  const seen = vi.fn<(atMs: number) => void>();
  const ended = new AbortController();
  onEachFrame(video as unknown as HTMLVideoElement, ended.signal, seen);
  asked.shift()?.(40);
  asked.shift()?.(80);
  ended.abort();
  asked.shift()?.(120);
  expect(seen.mock.calls).toEqual([[40], [80]]);
  expect(asked).toEqual([]);
});
