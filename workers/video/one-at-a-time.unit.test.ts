import { expect, it } from 'vitest';
import { OneAtATime } from './one-at-a-time.ts';

function clock() {
  let ms = 0;
  return {
    nowMs: () => ms,
    sleep: async (pauseMs: number) => {
      ms += pauseMs;
      await new Promise((resolve) => setTimeout(resolve, 1));
    },
  };
}

it('lets nobody in before the one inside is out, whether that ends well or not', async () => {
  const turns = new OneAtATime();
  const time = clock();
  let inside = 0;
  let most = 0;
  const work = async (fails: boolean) => {
    inside++;
    most = Math.max(most, inside);
    await new Promise((resolve) => setTimeout(resolve, 5));
    inside--;
    if (fails) throw new Error('it failed');
    return 'done';
  };
  const all = [false, true, false, true, false].map((fails) => turns.run(time, () => work(fails)));
  const outcomes = await Promise.allSettled(all);
  expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled', 'rejected', 'fulfilled']);
  expect(most).toBe(1);
});

it('does not wait for ever for one that was stopped in the middle', async () => {
  const turns = new OneAtATime();
  const time = clock();
  void turns.run(time, () => new Promise(() => undefined));
  expect(await turns.run({ ...time, sleep: (ms) => time.sleep(100 * ms) }, async () => 'next')).toBe('next');
  expect(time.nowMs()).toBeGreaterThanOrEqual(15 * 60_000);
});
