import { describe, expect, it } from 'vitest';
import { chooseRun, isClose, needsRun } from './choose-run.ts';
import { chooseSample } from './choose-sample.ts';

const filmed = (frames: number, framesPerSecond: number, startMs = 0) =>
  Array.from({ length: frames }, (_, frame) => startMs + (frame * 1000) / framesPerSecond);
const run = { count: 10, framesPerSecond: 15 };

describe('a run', () => {
  it('lies in the middle of the clip, at its own pace', () => {
    expect(chooseRun(filmed(300, 30), run)).toEqual([140, 142, 144, 146, 148, 150, 152, 154, 156, 158]);
    expect(chooseRun(filmed(300, 30, 5000), run)).toEqual(chooseRun(filmed(300, 30), run));
  });

  it('has each frame once: of a slow camera those that there are in that time', () => {
    const chosen = chooseRun(filmed(60, 5), run);
    expect(chosen).toEqual([28, 29, 30, 31]);
  });

  it('of a clip that is shorter is all of it', () => {
    expect(chooseRun(filmed(6, 30), run)).toEqual([0, 2, 4, 5]);
    expect(chooseRun([0], run)).toEqual([0]);
  });

  it('is needed where frames evenly over the clip would lie further apart, by more than a half', () => {
    expect(needsRun(filmed(31, 30), 10, run)).toBe(false);
    expect(needsRun(filmed(32, 30), 10, run)).toBe(true);
  });

  it('is close when its frames lie about as they should', () => {
    expect(isClose(filmed(10, 15), run)).toBe(true);
    expect(isClose(filmed(10, 10), run)).toBe(true);
    expect(isClose(filmed(10, 9), run)).toBe(false);
  });
});

describe('a sample', () => {
  it('has both in the order of time, and a frame that is in both once', () => {
    const chosen = chooseSample(filmed(300, 30), { count: 10, run });
    const indices = chosen.map(({ index }) => index);
    expect(indices).toEqual([...new Set(indices)].toSorted((a, b) => a - b));
    expect(chosen.filter(({ isSpread }) => isSpread).map(({ index }) => index)).toEqual([
      14, 44, 74, 104, 134, 164, 194, 224, 254, 284,
    ]);
    expect(chosen.filter(({ isInRun }) => isInRun)).toHaveLength(10);
  });

  it('has no run where none is needed or asked for', () => {
    expect(chooseSample(filmed(20, 30), { count: 10, run }).some(({ isInRun }) => isInRun)).toBe(false);
    expect(chooseSample(filmed(300, 30), { count: 10, run: null })).toHaveLength(10);
  });
});
