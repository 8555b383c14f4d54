import { describe, expect, it } from 'vitest';
import { WantedFrames } from './wanted-frames.ts';

/** Frames at 0, 10, 20, ... of which those listed are damaged or missing. */
function run(wantedMs: number[], lost: { tainted?: number[]; missing?: number[] } = {}) {
  const wanted = new WantedFrames(wantedMs);
  const times = Array.from({ length: 10 }, (_, index) => index * 10).filter((time) => !lost.missing?.includes(time));
  const taken = times.filter((time) => wanted.offer(time, lost.tainted?.includes(time) ?? false));
  return { taken, count: wanted.taken, replaced: wanted.replaced };
}

describe('WantedFrames', () => {
  it('takes what is wanted and no more', () => {
    expect(run([0, 30, 90])).toEqual({ taken: [0, 30, 90], count: 3, replaced: 0 });
  });

  it('takes the next sound frame for a damaged one', () => {
    expect(run([0, 30, 90], { tainted: [30, 40] })).toEqual({ taken: [0, 50, 90], count: 3, replaced: 1 });
  });

  it('takes the next frame for one that never came', () => {
    expect(run([0, 30, 90], { missing: [30] })).toEqual({ taken: [0, 40, 90], count: 3, replaced: 1 });
  });

  it('makes up for several, each with another frame', () => {
    expect(run([10, 20, 30], { tainted: [10, 20, 30] })).toEqual({ taken: [40, 50, 60], count: 3, replaced: 3 });
  });

  it('comes up short where nothing follows', () => {
    expect(run([0, 80, 90], { missing: [80, 90] })).toEqual({ taken: [0], count: 1, replaced: 0 });
  });

  it('takes no frame again after a seek that went too far back', () => {
    const wanted = new WantedFrames([0, 10, 20]);
    expect([0, 10, 0, 10, 20].map((time) => wanted.offer(time, false))).toEqual([true, true, false, false, true]);
  });
});
