import { expect, it } from 'vitest';
import { passedMark, secondsLeft, timeLeft } from './countdown.ts';

it('counts down to nothing, and not beyond', () => {
  expect(secondsLeft(100_000, 10_000)).toBe(90);
  expect(secondsLeft(100_000, 99_600)).toBe(0);
  expect(secondsLeft(100_000, 200_000)).toBe(0);
  expect(timeLeft(125)).toEqual({ minutes: 2, seconds: 5 });
});

it('speaks at two marks, each once, also when a second was missed', () => {
  const said: number[] = [];
  let before = 0;
  for (const now of [90, 62, 61, 59, 58, 16, 15, 14, 1, 0]) {
    const mark = passedMark(before, now);
    if (mark !== null) said.push(mark);
    before = now;
  }
  expect(said).toEqual([60, 15]);
});

it('says nothing at the first look, nor when it is over', () => {
  expect(passedMark(0, 30)).toBeNull();
  expect(passedMark(70, 0)).toBeNull();
});
