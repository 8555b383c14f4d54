import { describe, expect, it } from 'vitest';
import { cosine } from '../../shared/lib/embedding.ts';
import { randomDirections } from '../../workers/gallery/testing/vectors.ts';
import { bruteForce, recall } from './brute-force.ts';

function vectorsOf(vectors: readonly Float32Array[]) {
  const values = new Float32Array(vectors.length * 512);
  for (const [i, vector] of vectors.entries()) values.set(vector, i * 512);
  return { count: vectors.length, values };
}

describe('brute force', () => {
  it('gives what sorting all cosines gives', () => {
    const next = randomDirections(1);
    const gallery = Array.from({ length: 50 }, next);
    const probes = [next(), gallery[7] ?? next()];
    const sorted = probes.map((probe) =>
      gallery
        .map((vector, place) => ({ place, score: cosine(vector, probe) }))
        .sort((a, b) => b.score - a.score)
        .slice(0, 10)
        .map(({ place }) => place),
    );
    expect(bruteForce(vectorsOf(gallery), vectorsOf(probes), 10)).toEqual(sorted);
    expect(sorted[1]?.[0]).toBe(7);
  });
});

describe('recall', () => {
  it('is the share of the true ones among those found, in whatever order', () => {
    const truth = [
      [1, 2],
      [3, 4],
    ];
    expect(recall(truth, [[2, 1], [3]], 2)).toBe(0.75);
    expect(recall(truth, [[2, 1], [3]], 1)).toBe(0.5);
    expect(recall(truth, [[]], 2)).toBe(0);
  });
});
