import { describe, expect, it } from 'vitest';
import { differentFaces } from './different-faces.ts';
import type { KnownFace } from './store/gallery-truth.ts';
import { directionAt, randomDirections } from './testing/vectors.ts';

const next = randomDirections(1);
const face = (id: string, change: Partial<KnownFace> = {}): KnownFace => ({
  id,
  pictureMark: `picture of ${id}`,
  embedding: next(),
  ...change,
});
const a = face('a');

describe('a face', () => {
  it.each<[string, KnownFace]>([
    ['id', face('a')],
    ['picture', face('b', { pictureMark: a.pictureMark })],
    ['look', face('b', { embedding: directionAt(0.9955, a.embedding, next()) })],
  ])('of the same %s is kept once', (_name, same) => {
    expect(differentFaces([a], [same])).toEqual([]);
    expect(differentFaces([], [a, same])).toEqual([a]);
    expect(differentFaces([], [same, a])).toEqual([same]);
  });

  it('that is only much alike is another', () => {
    const alike = face('b', { embedding: directionAt(0.9945, a.embedding, next()) });
    expect(differentFaces([a], [alike])).toEqual([alike]);
    expect(differentFaces([], [a, alike])).toEqual([a, alike]);
  });
});
