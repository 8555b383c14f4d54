import { expect, test, vi } from 'vitest';
import { createSessionStore } from './session-store.ts';

const weights = { one: new ArrayBuffer(1), two: new ArrayBuffer(2) };
const sizeOf = (bytes: ArrayBuffer) => Promise.resolve(bytes.byteLength);

test('makes each session once, also for callers at the same time', async () => {
  const createSession = vi.fn(sizeOf);
  const store = createSessionStore(weights, createSession);
  const all = await Promise.all([store.all(), store.all(), store.all()]);
  for (const sessions of all)
    expect([...sessions]).toEqual([
      ['one', 1],
      ['two', 2],
    ]);
  await store.all();
  expect(createSession).toHaveBeenCalledTimes(2);
});

test('a failure names the weight, reaches every caller at the time, and is not kept', async () => {
  const createSession = vi.fn(sizeOf);
  createSession.mockImplementationOnce(sizeOf).mockRejectedValueOnce(new Error('out of memory'));
  const store = createSessionStore(weights, createSession);
  const [first, second] = await Promise.allSettled([store.all(), store.all()]);
  for (const outcome of [first, second]) {
    expect(outcome).toMatchObject({ status: 'rejected', reason: { name: 'WeightNotLoaded', key: 'two' } });
  }
  expect([...(await store.all()).keys()]).toEqual(['one', 'two']);
  // `one` twice would mean that the second try began anew: two tries for `two`, one for `one`.
  expect(createSession).toHaveBeenCalledTimes(3);
});
