import { describe, expect, it } from 'vitest';
import { comparePhotographs, type Pair } from './compare-photographs.ts';
import type { EmbeddedPhotograph } from './embed-photographs.ts';
import { acceptedAtRate, bootstrapPeople, cosineAtRate, firstRightShare, shareAbove } from './face-rates.ts';
import { halvesOf } from './halves-of.ts';

const pairs = (cosines: readonly number[], first = 'a', second = 'b'): Pair[] =>
  cosines.map((cosine) => ({ cosine, first, second }));
/** 0.000, 0.001, ... 0.999, in no order. */
const thousand = pairs(Array.from({ length: 1000 }, (_, i) => ((i * 7) % 1000) / 1000));

/** A direction in the plane. */
function photograph(person: string, degrees: number, asProbe = degrees): EmbeddedPhotograph {
  const at = (angle: number) => Float32Array.of(Math.cos((angle * Math.PI) / 180), Math.sin((angle * Math.PI) / 180));
  return { person, file: `${person}-${degrees}`, single: at(asProbe), flipped: at(degrees), complaints: [] };
}

describe('the cosine at a rate', () => {
  it.each([
    [0.001, 0.998],
    [0.01, 0.989],
    [0.1, 0.899],
  ])('leaves just so many above: %d', (rate, cosine) => {
    expect(cosineAtRate(thousand, rate)).toBeCloseTo(cosine, 9);
    expect(shareAbove(thousand, cosineAtRate(thousand, rate))).toBeCloseTo(rate, 9);
  });

  it('is the highest where there are too few pairs for one to be so rare', () => {
    expect(cosineAtRate(pairs([0.1, 0.3, 0.2]), 0.001)).toBeCloseTo(0.3, 9);
  });

  it('decides about the genuine ones, of which one that is just there is not above', () => {
    const comparison = { genuine: pairs([0.9, 0.998, 0.9981, 0.9999]), unrelated: thousand, firstIsRight: [] };
    expect(acceptedAtRate(comparison, 0.001)).toBe(0.5);
  });
});

describe('comparing', () => {
  const people = [photograph('ann', 0), photograph('ann', 10), photograph('bob', 90), photograph('cat', 95)];

  it('takes each pair once, and tells genuine from unrelated ones', () => {
    const { genuine, unrelated } = comparePhotographs(people, 'flipped');
    expect(genuine).toEqual([{ cosine: expect.closeTo(Math.cos(Math.PI / 18), 6), first: 'ann', second: 'ann' }]);
    expect(unrelated).toHaveLength(5);
  });

  it('asks for the first of those only who have another picture, and never finds the picture itself', () => {
    const { firstIsRight } = comparePhotographs(people, 'flipped');
    expect(firstIsRight).toEqual([
      { person: 'ann', isRight: true },
      { person: 'ann', isRight: true },
    ]);
    const crowded = [...people, photograph('dan', 5)];
    expect(firstRightShare(comparePhotographs(crowded, 'flipped'))).toBe(0);
  });

  it('uses the embedding of the mode for the probe, and the enrolled one for all others', () => {
    const off = [photograph('ann', 0, 90), photograph('ann', 10, 90), photograph('bob', 90)];
    expect(firstRightShare(comparePhotographs(off, 'flipped'))).toBe(1);
    expect(firstRightShare(comparePhotographs(off, 'single'))).toBe(0);
  });
});

describe('people drawn anew', () => {
  it('give the same interval again, round the value, wider where a few people decide', () => {
    const comparison = {
      genuine: [...pairs(Array(50).fill(0.9), 'a', 'a'), ...pairs(Array(50).fill(0.1), 'b', 'b')],
      unrelated: pairs([0.2, 0.3], 'a', 'b'),
      firstIsRight: [
        { person: 'a', isRight: true },
        { person: 'b', isRight: false },
      ],
    };
    const interval = bootstrapPeople(comparison, firstRightShare);
    expect(interval).toEqual({ low: 0, high: 1 });
    expect(bootstrapPeople(comparison, firstRightShare)).toEqual(interval);
  });
});

it('halves are of people, not of pictures', () => {
  const items = ['d', 'a', 'c', 'a', 'b', 'c'].map((person, place) => ({ person, place }));
  const [tuned, judged] = halvesOf(items);
  expect(tuned.map(({ person }) => person)).toEqual(['a', 'c', 'a', 'c']);
  expect(judged.map(({ person }) => person)).toEqual(['d', 'b']);
});
