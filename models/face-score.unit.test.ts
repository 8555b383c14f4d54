import { describe, expect, it } from 'vitest';
import { cosineFrom, MATCH_FROM_SCORE, SAME_PERSON_COSINE, scoreOf } from './face-score.ts';

// These numbers are part of the API: integrators keep a `min_score`. Another table is a change that they must hear of.
const GOLDEN: [cosine: number, score: number][] = [
  [-1, 0],
  [-0.2, 0.2142],
  [0, 0.2677],
  [0.1206, 0.3],
  [0.2284, 0.4],
  [0.3172, 0.5],
  [0.3567, 0.55],
  [0.3962, 0.6],
  [0.4752, 0.7],
  [0.5542, 0.8],
  [0.6333, 0.9],
  [0.7, 0.9182],
  [0.9, 0.9727],
  [1, 1],
];

describe('the score', () => {
  it.each(GOLDEN)('of a cosine of %d is %d', (cosine, score) => {
    expect(scoreOf(cosine)).toBeCloseTo(score, 3);
    expect(cosineFrom(score)).toBeCloseTo(cosine, 2);
  });

  it('grows with the cosine, from 0 to 1', () => {
    let last = -1;
    for (let step = -1000; step <= 1000; step++) {
      const score = scoreOf(step / 1000);
      expect(score).toBeGreaterThan(last);
      last = score;
    }
    expect([scoreOf(-1), scoreOf(1)]).toEqual([0, 1]);
  });

  it('stays within its bounds where rounding has left them', () => {
    expect([scoreOf(-1.0000001), scoreOf(1.0000001)]).toEqual([0, 1]);
    expect([cosineFrom(0), cosineFrom(1)]).toEqual([-1, 1]);
  });

  it('is undone by its inverse', () => {
    for (let step = 0; step <= 100; step++) expect(scoreOf(cosineFrom(step / 100))).toBeCloseTo(step / 100, 9);
  });

  it('of what is no number is none: nobody matches by it', () => {
    expect(scoreOf(Number.NaN) >= MATCH_FROM_SCORE).toBe(false);
  });

  it('has a laxer line for images of one request', () => {
    expect(scoreOf(SAME_PERSON_COSINE)).toBeCloseTo(0.4, 6);
  });
});
