import { describe, expect, it } from 'vitest';
import { frameList, type ListedFrame } from './frame-list.ts';

const frame = (timeMs: number, kind: 'key' | 'hidden key' | 'hidden' | '' = ''): ListedFrame => ({
  timeMs,
  seekTo: timeMs * 90,
  isKey: kind.includes('key'),
  isHidden: kind.includes('hidden'),
});

describe('frameList', () => {
  it('puts frames in the order in which they are shown', () => {
    const list = frameList([frame(0, 'key'), frame(120), frame(40), frame(80), frame(160, 'key')]);
    expect(list.timesMs).toEqual([0, 40, 80, 120, 160]);
    expect(list.keys).toEqual([
      { timeMs: 0, seekTo: 0, shownBefore: 0, isHidden: false },
      { timeMs: 160, seekTo: 14_400, shownBefore: 4, isHidden: false },
    ]);
    expect(list.durationMs).toBe(200);
  });

  it('leaves out what an edit list cuts away, but not as a place to start decoding', () => {
    const list = frameList([frame(-80, 'hidden key'), frame(-40, 'hidden'), frame(0), frame(40)]);
    expect(list.timesMs).toEqual([0, 40]);
    expect(list.keys).toEqual([{ timeMs: -80, seekTo: -7200, shownBefore: 0, isHidden: true }]);
  });

  it('leaves out what comes before the first key frame', () => {
    expect(frameList([frame(0), frame(40), frame(80, 'key'), frame(120)]).timesMs).toEqual([80, 120]);
  });

  it('starts with the first frame where none is marked', () => {
    expect(frameList([frame(0), frame(40)]).keys.map((key) => key.timeMs)).toEqual([0]);
  });

  it('counts two frames for one moment once', () => {
    expect(frameList([frame(0, 'key'), frame(40), frame(40)]).timesMs).toEqual([0, 40]);
  });

  it.each([
    [[], 0],
    [[frame(500, 'key')], 0],
  ])('has no duration without two frames', (frames, durationMs) => {
    expect(frameList(frames).durationMs).toBe(durationMs);
  });
});
