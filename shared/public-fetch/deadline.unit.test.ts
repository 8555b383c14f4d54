import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { orAbort, startDeadline } from './deadline.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

it('aborts with its reason when the time is over', () => {
  const { signal } = startDeadline(100, 'too slow');
  vi.advanceTimersByTime(99);
  expect(signal.aborted).toBe(false);
  vi.advanceTimersByTime(1);
  expect(signal).toMatchObject({ aborted: true, reason: 'too slow' });
});

it('leaves no timer behind, whether it is stopped or given up', () => {
  const stopped = startDeadline(100, 'too slow');
  const givenUp = startDeadline(100, 'too slow');
  stopped.stop();
  givenUp.giveUp('not wanted');
  expect(vi.getTimerCount()).toBe(0);
  expect(stopped.signal.aborted).toBe(false);
  expect(givenUp.signal).toMatchObject({ aborted: true, reason: 'not wanted' });
});

it('gives what the work gives, and no longer listens then', async () => {
  const { signal } = new AbortController();
  const unlisten = vi.spyOn(signal, 'removeEventListener');
  expect(await orAbort(Promise.resolve('done'), signal)).toBe('done');
  await expect(orAbort(Promise.reject(new Error('broken')), signal)).rejects.toThrow('broken');
  expect(unlisten).toHaveBeenCalledTimes(2);
});

it('does not wait for work that goes on after the abort, nor begin to when it was before', async () => {
  const controller = new AbortController();
  const waiting = orAbort(new Promise(() => {}), controller.signal);
  controller.abort('over');
  await expect(waiting).rejects.toBe('over');
  await expect(orAbort(new Promise(() => {}), controller.signal)).rejects.toBe('over');
});
