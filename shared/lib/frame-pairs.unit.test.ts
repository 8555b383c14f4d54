import { expect, test } from 'vitest';
import { framePairs, spread } from './frame-pairs.ts';

/** First frames of the pairs that lie this far apart. */
function firstFrames(frameCount: number, gap: 'near' | 'middle' | 'wide', distance: number): number[] {
  return framePairs(frameCount)[gap].map(({ first, second }) => {
    expect(second - first).toBe(distance);
    return first;
  });
}

test.each([
  [4, { near: [1, [0, 1, 2]], middle: [2, [0, 1]], wide: [3, [0]] }],
  [10, { near: [1, [0, 2, 4, 6, 8]], middle: [5, [0, 1, 2, 3, 4]], wide: [8, [0, 1]] }],
  [30, { near: [1, [0, 6, 11, 17, 22, 28]], middle: [16, [0, 3, 5, 8, 10, 13]], wide: [25, [0, 1, 2, 3, 4]] }],
  [
    250,
    {
      near: [1, [0, 50, 99, 149, 198, 248]],
      middle: [137, [0, 22, 45, 67, 90, 112]],
      wide: [212, [0, 7, 15, 22, 30, 37]],
    },
  ],
] as const)('of %i frames', (frameCount, { near, middle, wide }) => {
  expect(firstFrames(frameCount, 'near', near[0])).toEqual(near[1]);
  expect(firstFrames(frameCount, 'middle', middle[0])).toEqual(middle[1]);
  expect(firstFrames(frameCount, 'wide', wide[0])).toEqual(wide[1]);
});

test('no pair reaches beyond the recording, whatever its length', () => {
  for (let frameCount = 2; frameCount <= 300; frameCount++) {
    const pairs = Object.values(framePairs(frameCount)).flat();
    expect(pairs.every(({ first, second }) => first >= 0 && first < second && second < frameCount)).toBe(true);
    expect(Object.values(framePairs(frameCount)).every((list) => list.length > 0)).toBe(true);
  }
});

test('one frame, or none, has no pairs', () => {
  expect(framePairs(1)).toEqual({ near: [], middle: [], wide: [] });
  expect(framePairs(0)).toEqual({ near: [], middle: [], wide: [] });
});

test('spread takes all of few, evenly of many with both ends, the middle for one', () => {
  expect(spread(3, 5)).toEqual([0, 1, 2]);
  expect(spread(5, 5)).toEqual([0, 1, 2, 3, 4]);
  expect(spread(11, 3)).toEqual([0, 5, 10]);
  expect(spread(11, 1)).toEqual([5]);
  expect(spread(0, 3)).toEqual([]);
});
