import { expect, test } from 'vitest';
import { oneAhead } from './one-ahead.ts';

async function* numbers(log: string[], failsAt = Number.NaN) {
  for (let i = 0; i < 3; i++) {
    if (i === failsAt) throw new Error(`no ${i}`);
    log.push(`made ${i}`);
    yield i;
  }
}

test('each item is there before it is asked for, and in order', async () => {
  const log: string[] = [];
  for await (const number of oneAhead(numbers(log))) {
    await new Promise((resolve) => setTimeout(resolve));
    log.push(`used ${number}`);
  }
  expect(log).toEqual(['made 0', 'made 1', 'used 0', 'made 2', 'used 1', 'used 2']);
});

test('a failure comes after what was made before it', async () => {
  const used: number[] = [];
  const using = async () => {
    for await (const number of oneAhead(numbers([], 1))) {
      await new Promise((resolve) => setTimeout(resolve));
      used.push(number);
    }
  };
  await expect(using()).rejects.toThrow('no 1');
  expect(used).toEqual([0]);
});
