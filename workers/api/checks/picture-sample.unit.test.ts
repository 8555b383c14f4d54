import { expect, it } from 'vitest';
import { PictureSample } from './picture-sample.ts';

function drawnOf(count: number, size: number): number[] {
  const sample = new PictureSample(size);
  for (let number = 0; number < count; number++) sample.offer(Uint8Array.of(number));
  return sample.pictures.map(([number = -1]) => number);
}

it('keeps all where there are no more than it takes, and none where it takes none', () => {
  expect(drawnOf(3, 5)).toEqual([0, 1, 2]);
  expect(drawnOf(5, 5)).toEqual([0, 1, 2, 3, 4]);
  expect(drawnOf(40, 0)).toEqual([]);
});

it('draws different ones, and each about as often as any other', () => {
  const draws = 4000;
  const counts = Array<number>(20).fill(0);
  for (let draw = 0; draw < draws; draw++) {
    const drawn = drawnOf(20, 5);
    expect(new Set(drawn).size).toBe(5);
    for (const number of drawn) counts[number] = (counts[number] ?? 0) + 1;
  }
  // 1,000 each; the standard deviation is 27, so that less than one run in a million goes wrong.
  for (const count of counts) expect(Math.abs(count - draws / 4)).toBeLessThan(160);
});
