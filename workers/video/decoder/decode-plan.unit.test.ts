import { describe, expect, it } from 'vitest';
import { chooseFrames } from './choose-frames.ts';
import { decodedFrames, planDecoding, planKeyFrames, shownKeyFrames } from './decode-plan.ts';
import { frameList } from './frame-list.ts';

/** 10 frames a second, a key frame every so many. */
const clip = (frames: number, keyEvery: number) =>
  frameList(
    Array.from({ length: frames }, (_, index) => ({
      timeMs: index * 100,
      seekTo: index,
      isKey: index % keyEvery === 0,
      isHidden: false,
    })),
  );
const starts = (plan: { key: { seekTo: number } }[]) => plan.map((segment) => segment.key.seekTo);

describe('planDecoding', () => {
  it('decodes through where there is but one key frame', () => {
    const plan = planDecoding(clip(100, 1000), [10, 50, 99]);
    expect(starts(plan)).toEqual([0]);
    expect(plan[0]?.wantedMs).toEqual([1000, 5000, 9900]);
    expect(decodedFrames(plan)).toBe(100);
  });

  it('seeks where that saves pictures', () => {
    const plan = planDecoding(clip(100, 20), [5, 50, 95]);
    expect(starts(plan)).toEqual([0, 40, 80]);
    expect(plan.map((segment) => segment.decodes)).toEqual([6, 11, 16]);
  });

  it('does not for a few, and never back', () => {
    expect(starts(planDecoding(clip(100, 20), [16, 21, 30]))).toEqual([0]);
    expect(starts(planDecoding(clip(100, 20), [39, 41]))).toEqual([20]);
    expect(decodedFrames(planDecoding(clip(100, 20), [39, 41]))).toBe(22);
  });

  it('decodes each frame at most once', () => {
    for (const keyEvery of [1, 3, 12, 50, 250]) {
      const list = clip(300, keyEvery);
      expect(decodedFrames(planDecoding(list, chooseFrames(list.timesMs, 120)))).toBeLessThanOrEqual(300);
    }
  });
});

describe('planKeyFrames', () => {
  it('takes key frames alone, each by itself', () => {
    const plan = planKeyFrames(shownKeyFrames(clip(100, 10)), [0, 2, 4, 6, 8]);
    expect(starts(plan)).toEqual([0, 20, 40, 60, 80]);
    expect(decodedFrames(plan)).toBe(5);
  });
});
