import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { withinTime } from './within-time.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

it('is what the call answers, or what it fails with', async () => {
  expect(await withinTime(async () => 7, 100)).toBe(7);
  await expect(withinTime(async () => Promise.reject(new Error('gone')), 100)).rejects.toThrow('gone');
  expect(vi.getTimerCount()).toBe(0);
});

it('is a failure once the call has been silent for so long', async () => {
  const silent = withinTime(() => new Promise(() => undefined), 100);
  const failure = expect(silent).rejects.toThrow('no answer in 100 ms');
  await vi.advanceTimersByTimeAsync(99);
  expect(vi.getTimerCount()).toBe(1);
  await vi.advanceTimersByTimeAsync(1);
  await failure;
});
