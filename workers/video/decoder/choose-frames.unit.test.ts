import { describe, expect, it } from 'vitest';
import { chooseFrames } from './choose-frames.ts';

const steady = (count: number, frameMs = 40) => Array.from({ length: count }, (_, index) => index * frameMs);
const gaps = (numbers: number[]) => numbers.slice(1).map((value, index) => value - (numbers[index] ?? 0));

describe('chooseFrames', () => {
  it('takes all when there are as many as wanted', () => {
    expect(chooseFrames(steady(5), 5)).toEqual([0, 1, 2, 3, 4]);
  });

  it('takes the middle of equal slices of a steady clip', () => {
    expect(chooseFrames(steady(15), 3)).toEqual([2, 7, 12]);
    expect(chooseFrames(steady(1001), 1)).toEqual([500]);
  });

  it.each([10, 30, 60, 90, 120, 150, 250])('takes %i distinct ones, ascending, of clips of any length', (count) => {
    for (const total of [count, count + 1, count + 7, 2 * count - 1, 1801, 7200]) {
      const chosen = chooseFrames(steady(total), count);
      expect(chosen).toHaveLength(count);
      expect(gaps(chosen).every((gap) => gap >= 1)).toBe(true);
      expect(Math.max(...gaps(chosen)) - Math.min(...gaps(chosen))).toBeLessThanOrEqual(1);
      expect(chosen[0]).toBeLessThanOrEqual(total / count);
      expect(total - 1 - (chosen.at(-1) ?? 0)).toBeLessThanOrEqual(total / count);
    }
  });

  it('goes by time, not by number, where the frame rate changes', () => {
    // Two seconds at 50 frames a second, then two at 5.
    const times = [...steady(100, 20), ...steady(10, 200).map((time) => 2000 + time)];
    const chosen = chooseFrames(times, 8);
    expect(chosen.filter((index) => index < 100)).toHaveLength(4);
  });

  it('makes up for a time without frames with those around it', () => {
    const times = [...steady(20, 50), ...steady(20, 50).map((time) => 10_000 + time)];
    const chosen = chooseFrames(times, 10);
    expect(new Set(chosen).size).toBe(10);
    expect(chosen).toContain(19);
  });

  it('leaves enough for the slices to come when all frames lie at the start', () => {
    expect(chooseFrames([0, 1, 2, 3, 10_000], 4)).toEqual([1, 2, 3, 4]);
    expect(chooseFrames([0, 9997, 9998, 9999, 10_000], 4)).toEqual([0, 1, 2, 3]);
  });
});
