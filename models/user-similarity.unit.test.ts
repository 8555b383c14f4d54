import { describe, expect, it } from 'vitest';
import { cosineFrom } from './face-score.ts';
import { isMatch, similarityOf, USER_MATCH_OVER } from './user-similarity.ts';

// These numbers are part of the API: integrators compare with 0.80. Another table is a change that they must hear of.
const GOLDEN: [cosine: number, similarity: number, matches: boolean][] = [
  [-1, 0, false],
  [0, 0.2677, false],
  [0.3172, 0.5, false],
  [0.5225, 0.7599, false],
  [0.5542, 0.8, false],
  [0.5544, 0.8003, true],
  [0.6333, 0.9, true],
  [1, 1, true],
];

describe('the similarity of two sessions', () => {
  it.each(GOLDEN)('of a cosine of %d is %d', (cosine, similarity, matches) => {
    expect(similarityOf(cosine)).toBeCloseTo(similarity, 4);
    expect(isMatch(similarityOf(cosine))).toBe(matches);
  });

  it('is decided by what is told: what is shown as 0.80 is no match', () => {
    const barelyOver = cosineFrom(USER_MATCH_OVER + 0.00004);
    expect(similarityOf(barelyOver)).toBe(0.8);
    expect(isMatch(similarityOf(barelyOver))).toBe(false);
  });

  it('of what is no number matches nobody', () => {
    expect(isMatch(similarityOf(Number.NaN))).toBe(false);
  });
});
