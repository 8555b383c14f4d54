import { describe, expect, it } from 'vitest';
import { cosine } from '#shared/lib/embedding.ts';
import type { FacesOutcome } from '#shared/rpc/faces.ts';
import { stubFaces } from '#shared/testing/stub-faces.ts';
import { readPerson } from './read-person.ts';

/** The same person each time. */
async function outcomes(...pictures: string[]): Promise<FacesOutcome[]> {
  const bytes = pictures.map((text) => new Uint8Array(new TextEncoder().encode(text)));
  const request = { pictures: bytes, framing: 'crop', embedding: 'flipped', thumbnails: 'none' } as const;
  const result = await stubFaces().service.readFaces(request);
  return result.ok ? result.outcomes : [];
}

const read = async (...pictures: string[]) => readPerson(await outcomes(...pictures));

describe('the person of a recording', () => {
  it('is what the crops have in common', async () => {
    const fused = await read('ann 1', 'ann 2', 'ann 3');
    const [single] = await outcomes('ann 4');
    const [one] = await outcomes('ann 1');
    if (fused.outcome !== 'read' || !single?.ok || !single.embedding || !one?.ok || !one.embedding) {
      throw new Error('not read');
    }
    expect(cosine(fused.embedding, fused.embedding)).toBeCloseTo(1, 5);
    // Nearer to another picture than a single one is.
    expect(cosine(fused.embedding, single.embedding)).toBeGreaterThan(cosine(one.embedding, single.embedding));
  });

  it.each([
    ['no crop at all', []],
    ['no face', ['no_face', 'no_face', 'no_face']],
    ['faces that are none of them clear', ['turned_away ann', 'too_dark ann', 'several_faces ann']],
    ['no pictures', ['damaged', 'not_a_picture', 'damaged']],
    ['one clear face of three', ['ann 1', 'turned_away ann', 'no_face']],
  ])('cannot be read from %s', async (_what, pictures) => {
    expect(await read(...pictures)).toEqual({ outcome: 'unreadable' });
  });

  it('is read from two clear ones of three: the third counts for nothing', async () => {
    expect(await read('ann 1', 'turned_away bob', 'ann 2')).toEqual(await read('ann 1', 'ann 2'));
  });

  it.each([[['ann 1', 'ann 2', 'bob 1']], [['bob 1', 'ann 1', 'ann 2']], [['ann 1', 'bob 1', 'too_dark ann']]])(
    'is nobody when %s are sent as one',
    async (pictures) => {
      expect(await read(...pictures)).toEqual({ outcome: 'inconsistent' });
    },
  );

  it('is not made of what is no embedding', async () => {
    const [good] = await outcomes('ann 1');
    if (!good?.ok) throw new Error('not read');
    const broken = { ...good, embedding: new Float32Array(512).fill(Number.NaN) };
    expect(() => readPerson([broken])).toThrow('length of 1');
  });
});
