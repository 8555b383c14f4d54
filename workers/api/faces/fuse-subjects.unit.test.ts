import { describe, expect, it } from 'vitest';
import { SAME_PERSON_COSINE } from '#models/face-score.ts';
import { embeddingOf } from '#shared/testing/stub-faces.ts';
import { findStranger } from './fuse-subjects.ts';

const of = (...names: string[]) => names.map(embeddingOf);
/** At this angle to the first axis, in the plane of the first two. */
const at = (degrees: number) => {
  const vector = new Float32Array(512);
  vector[0] = Math.cos((degrees * Math.PI) / 180);
  vector[1] = Math.sin((degrees * Math.PI) / 180);
  return vector;
};

describe('the stranger among images', () => {
  it('is nobody where all are alike, or there is one only', () => {
    expect(findStranger(of('ann 1', 'ann 2', 'ann 3'))).toBeNull();
    expect(findStranger(of('ann 1'))).toBeNull();
    expect(findStranger([])).toBeNull();
  });

  it.each([
    [['bob 1', 'ann 1', 'ann 2'], 0],
    [['ann 1', 'bob 1', 'ann 2'], 1],
    [['ann 1', 'ann 2', 'bob 1'], 2],
    [['ann 1', 'bob 1'], 1],
  ])('among %j is the %i-th', (names, stranger) => {
    expect(findStranger(of(...names))).toBe(stranger);
  });

  it('begins just below the likeness that one person has', () => {
    const degrees = (Math.acos(SAME_PERSON_COSINE) * 180) / Math.PI;
    expect(findStranger([at(0), at(degrees - 0.1)])).toBeNull();
    expect(findStranger([at(0), at(degrees + 0.1)])).toBe(1);
  });
});
