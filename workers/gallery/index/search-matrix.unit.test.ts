import { describe, expect, it } from 'vitest';
import { cosine } from '#shared/lib/embedding.ts';
import { seededRandom } from '#shared/testing/seeded-random.ts';
import { nodeMatrix } from '../testing/node-matrix.ts';
import { directionAt, randomDirections } from '../testing/vectors.ts';
import { CHUNK_ROWS, type PackedMatrix } from './packed-matrix.ts';
import { FAST_CANDIDATES, searchAccurately, searchFast } from './search-matrix.ts';

type Gallery = Map<number, Float32Array>;

interface Asked {
  count?: number;
  leastCosine?: number;
}

function bruteForce(gallery: Gallery, probe: Float32Array, { count = 10, leastCosine = -1 }: Asked = {}) {
  return [...gallery]
    .map(([key, template]) => ({ key, score: cosine(template, probe) }))
    .filter(({ score }) => score >= leastCosine)
    .sort((a, b) => b.score - a.score || a.key - b.key)
    .slice(0, count);
}

function ask(gallery: Gallery, probe: Float32Array, { count = 10, leastCosine = -1 }: Asked = {}) {
  const looked: number[] = [];
  const exactOf = (key: number) => {
    looked.push(key);
    const template = gallery.get(key);
    if (!template) throw new Error(`${key} is not there`);
    return template;
  };
  return { question: { probe, count, leastCosine, exactOf }, looked };
}

const accurately = (matrix: PackedMatrix, gallery: Gallery, probe: Float32Array, asked: Asked = {}) =>
  searchAccurately(matrix, ask(gallery, probe, asked).question);

function galleryOf(
  count: number,
  seed: number,
  change: (vector: Float32Array, key: number) => Float32Array = (v) => v,
) {
  const next = randomDirections(seed);
  const gallery: Gallery = new Map();
  const matrix = nodeMatrix();
  for (let key = 1; key <= count; key++) {
    const vector = change(next(), key);
    gallery.set(key, vector);
    matrix.put(key, vector);
  }
  return { gallery, matrix, next };
}

describe('ACCURATE', () => {
  it.each([1, 2, 9, 10, 11, CHUNK_ROWS - 1, CHUNK_ROWS, CHUNK_ROWS + 1, 2500])(
    'is brute force in float64, digit for digit, over %d persons',
    (count) => {
      const { gallery, matrix, next } = galleryOf(count, count);
      const somebody = gallery.get(Math.ceil(count / 2)) ?? next();
      const probes = [next(), somebody, directionAt(0.6, somebody, next()), somebody.map((value) => -value)];
      for (const probe of probes) {
        for (const asked of [{}, { count: 1 }, { count: 100 }, { leastCosine: 0.1 }, { leastCosine: 0.9 }]) {
          expect(accurately(matrix, gallery, probe, asked)).toEqual(bruteForce(gallery, probe, asked));
        }
      }
    },
  );

  it('stays so through anything that is put, replaced and removed', () => {
    const random = seededRandom(7);
    const { gallery, matrix, next } = galleryOf(1200, 8);
    for (let step = 0; step < 3000; step++) {
      const key = 1 + Math.floor(random() * 1500);
      if (random() < 0.55) {
        gallery.delete(key);
        matrix.remove(key);
      } else {
        const vector = next();
        gallery.set(key, vector);
        matrix.put(key, vector);
      }
      if (step % 100 === 0) {
        const probe = next();
        expect(matrix.size).toBe(gallery.size);
        expect(accurately(matrix, gallery, probe)).toEqual(bruteForce(gallery, probe));
      }
    }
    for (const key of [...gallery.keys()]) {
      gallery.delete(key);
      matrix.remove(key);
    }
    expect(accurately(matrix, gallery, next())).toEqual([]);
  });

  it('gives of equal ones whoever came first, also where the count ends among them', () => {
    const twin = randomDirections(9)();
    const { gallery, matrix, next } = galleryOf(300, 10, (vector, key) => (key % 3 === 0 ? twin : vector));
    const probe = directionAt(0.5, twin, next());
    expect(accurately(matrix, gallery, probe, { count: 5 }).map(({ key }) => key)).toEqual([3, 6, 9, 12, 15]);
    // Whoever is stored anew keeps their number, though the row may have moved.
    matrix.remove(3);
    matrix.put(3, twin);
    expect(accurately(matrix, gallery, probe, { count: 5 }).map(({ key }) => key)).toEqual([3, 6, 9, 12, 15]);
  });

  it('tells apart those between whom the whole numbers cannot', () => {
    const next = randomDirections(11);
    const centre = next();
    const { gallery, matrix } = galleryOf(500, 12, (vector, key) => directionAt(1 - key * 1e-7, centre, vector));
    const found = accurately(matrix, gallery, centre, { count: 20 });
    expect(found).toEqual(bruteForce(gallery, centre, { count: 20 }));
    expect(new Set(found.map(({ score }) => score)).size).toBeGreaterThan(10);
  });

  it('holds where vectors are all but empty, which whole numbers do worst', () => {
    const spike = (at: number) => Float32Array.from({ length: 512 }, (_, i) => (i === at ? 1 : 0));
    const { gallery, matrix, next } = galleryOf(400, 13, (vector, key) =>
      directionAt(
        0.9999,
        spike(key),
        vector.map((value, i) => (i === key ? 0 : value)),
      ),
    );
    for (const probe of [spike(5), directionAt(0.3, spike(5), next()), next()]) {
      expect(accurately(matrix, gallery, probe)).toEqual(bruteForce(gallery, probe));
    }
  });

  it('looks closely at few', () => {
    const { gallery, matrix, next } = galleryOf(3000, 14);
    const somebody = gallery.get(1234) ?? next();
    const { question, looked } = ask(gallery, directionAt(0.6, somebody, next()), { count: 1 });
    expect(searchAccurately(matrix, question)[0]?.key).toBe(1234);
    expect(looked).toEqual([1234]);
    const ofNobody = ask(gallery, next(), { count: 10 });
    searchAccurately(matrix, ofNobody.question);
    expect(ofNobody.looked.length).toBeLessThan(100);
  });

  it('counts exactly the least cosine as enough', () => {
    const { gallery, matrix, next } = galleryOf(50, 15);
    const probe = next();
    const [, second] = bruteForce(gallery, probe);
    const found = accurately(matrix, gallery, probe, { leastCosine: second?.score ?? 0 });
    expect(found).toHaveLength(2);
  });

  it('fails when a template cannot be had', () => {
    const { gallery, matrix, next } = galleryOf(20, 16);
    gallery.delete(5);
    expect(() => accurately(matrix, gallery, next(), { count: 20 })).toThrow('5 is not there');
  });

  it('finds nobody in an empty gallery', () => {
    expect(accurately(nodeMatrix(), new Map(), randomDirections(17)())).toEqual([]);
  });
});

describe('FAST', () => {
  it('finds who is there, with the exact cosine', () => {
    const { gallery, matrix, next } = galleryOf(4 * FAST_CANDIDATES, 18);
    let found = 0;
    for (let key = 1; key <= 100; key++) {
      const probe = directionAt(0.6, gallery.get(key) ?? next(), next());
      const [best] = searchFast(matrix, ask(gallery, probe).question);
      if (best?.key === key) found++;
      expect(best).toEqual(bruteForce(gallery, probe)[0]);
    }
    expect(found).toBe(100);
  });

  it('looks at a part: somebody whose signs differ may be missed, and nobody is made up', () => {
    const { gallery, matrix, next } = galleryOf(4 * FAST_CANDIDATES, 19);
    const probe = next();
    const { question } = ask(gallery, probe, { count: 100 });
    const [fast, exact] = [searchFast(matrix, question), bruteForce(gallery, probe, { count: 100 })];
    expect(fast).not.toEqual(exact);
    expect(fast).toHaveLength(100);
    for (const { key, score } of fast) expect(score).toBe(cosine(gallery.get(key) ?? next(), probe));
    expect(fast).toEqual(fast.toSorted((a, b) => b.score - a.score || a.key - b.key));
  });

  it('is exact where there are hardly more persons than it looks at, or more are asked for', () => {
    const { gallery, matrix, next } = galleryOf(FAST_CANDIDATES + 200, 20);
    const probe = next();
    const asked = { count: FAST_CANDIDATES + 200 };
    expect(searchFast(matrix, ask(gallery, probe, asked).question)).toEqual(bruteForce(gallery, probe, asked));
    for (let key = 1; key <= 200; key++) {
      gallery.delete(key);
      matrix.remove(key);
    }
    expect(searchFast(matrix, ask(gallery, probe).question)).toEqual(bruteForce(gallery, probe));
  });

  it('takes a gallery of one and the same face', () => {
    const twin = randomDirections(21)();
    const { gallery, matrix } = galleryOf(2 * FAST_CANDIDATES, 22, () => twin);
    const found = searchFast(matrix, ask(gallery, twin, { count: 3 }).question);
    expect(found.map(({ key }) => key)).toEqual([1, 2, 3]);
  });

  it('respects the least cosine', () => {
    const { gallery, matrix, next } = galleryOf(2 * FAST_CANDIDATES, 23);
    expect(searchFast(matrix, ask(gallery, next(), { leastCosine: 0.9 }).question)).toEqual([]);
  });
});
