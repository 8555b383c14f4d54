import { describe, expect, it } from 'vitest';
import { FrameClock } from './frame-clock.ts';
import { frameList } from './frame-list.ts';

const list = frameList(
  [0, 40, 80, 160, 200].map((timeMs) => ({ timeMs, seekTo: timeMs, isKey: timeMs % 80 === 0, isHidden: false })),
);
const [first, second] = list.keys;
if (first === undefined || second === undefined) throw new Error('the list has key frames');

const clockAt = (hasTimes: boolean, key = first) => {
  const clock = new FrameClock(list, hasTimes);
  clock.startAt(key);
  return clock;
};

describe('FrameClock', () => {
  it('believes what frames say', () => {
    const clock = clockAt(true);
    expect([0, 80, 160].map((stated) => clock.tick(stated))).toEqual([0, 80, 160]);
  });

  it('counts from the key frame where they say nothing', () => {
    const clock = clockAt(false, second);
    expect([Number.NaN, Number.NaN].map((stated) => clock.tick(stated))).toEqual([80, 160]);
  });

  it('counts on once a frame says that time ran backwards', () => {
    const clock = clockAt(true);
    expect([0, 80, 40, 160].map((stated) => clock.tick(stated))).toEqual([0, 80, 80, 160]);
  });

  it('believes a frame that lies before the key frame asked for: the seek went further back', () => {
    const clock = clockAt(true, second);
    expect([0, 40].map((stated) => clock.tick(stated))).toEqual([0, 40]);
  });

  it('lets a frame without a time follow the one before it', () => {
    const clock = clockAt(true);
    expect(clock.tick(40)).toBe(40);
    expect(clock.tick(Number.NaN)).toBe(40 + list.durationMs / 5);
    expect(clockAt(true, second).tick(Number.NaN)).toBe(80);
  });
});
