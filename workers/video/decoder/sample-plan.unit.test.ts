import { describe, expect, it } from 'vitest';
import { MAX_DECODED_PIXELS } from './clip-limits.ts';
import { frameList } from './frame-list.ts';
import { planSparing, planThrough } from './sample-plan.ts';

/** A minute at 30 frames a second, a key frame every second. */
const minute = frameList(
  Array.from({ length: 1800 }, (_, index) => ({
    timeMs: (index * 1000) / 30,
    seekTo: index,
    isKey: index % 30 === 0,
    isHidden: false,
  })),
);
const HD = 1920 * 1080;
const UHD = 3840 * 2160;

const evenly = (count: number) => ({ count, run: null });

describe('what decoding may cost', () => {
  it('allows any minute of 1080p at 30 frames a second, and at 60', () => {
    expect(planThrough(minute, evenly(250), HD)).not.toBeNull();
    expect(2 * 1800 * HD).toBeLessThan(MAX_DECODED_PIXELS);
  });

  it('does not allow all of a minute of 4K, so that key frames must do', () => {
    expect(planThrough(minute, evenly(120), UHD)).toBeNull();
    expect(planSparing(minute, evenly(60), UHD)?.segments).toHaveLength(60);
    expect(planSparing(minute, evenly(61), UHD)).toBeNull();
  });

  it('allows a few frames of 4K that seeking gets at', () => {
    expect(planThrough(minute, evenly(10), UHD)?.segments).toHaveLength(10);
  });
});

describe('a run beside them', () => {
  const request = { count: 10, run: { count: 10, framesPerSecond: 15 } };

  it('is decoded in one go, and each frame knows what it is for', () => {
    const { segments = [], chosen = [] } = planThrough(minute, request, HD) ?? {};
    expect(segments.flatMap(({ wantedMs }) => wantedMs)).toHaveLength(chosen.length);
    expect(chosen.filter(({ isSpread }) => isSpread)).toHaveLength(10);
    const run = chosen.filter(({ isInRun }) => isInRun).map(({ index }) => index);
    expect(run).toEqual(Array.from({ length: 10 }, (_, frame) => 890 + 2 * frame));
  });

  it('cannot be had of key frames a second apart: rather none than one that speaks against everybody', () => {
    expect(planSparing(minute, request, UHD)).toBeNull();
  });

  it('can be had of a film of key frames', () => {
    const keys = frameList(
      Array.from({ length: 900 }, (_, at) => ({ timeMs: (at * 1000) / 15, seekTo: at, isKey: true, isHidden: false })),
    );
    expect(planSparing(keys, request, UHD)?.chosen.filter(({ isInRun }) => isInRun)).toHaveLength(10);
  });
});
