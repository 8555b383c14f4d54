import { env } from 'cloudflare:workers';
import { beforeAll, describe, expect, it } from 'vitest';
import type { PersonWithThumbnails } from '#shared/contract/face-search.ts';
import {
  callFaces,
  enrol,
  type Found,
  faceData,
  newCollection,
  pictures,
  searchBody,
} from '#shared/testing/call-faces.ts';
import { booksOf } from '#shared/testing/post-check.ts';
import { seedDatabase } from '#shared/testing/seeded-database.ts';
import { setBalance } from '#shared/testing/set-balance.ts';
import { stubFaces } from '#shared/testing/stub-faces.ts';

const GLOBEX = 'sk-local-globex';
let people: string;

beforeAll(async () => {
  await seedDatabase();
  people = await newCollection();
});

const read = (id: string) => faceData<PersonWithThumbnails>(`/persons/${id}`);
const foundBy = async (...names: string[]) => {
  const body = searchBody({ images: pictures(...names), collection_id: people });
  return (await faceData<Found[]>('/search', { body })).map(({ id }) => id);
};
const rows = async () =>
  (await env.DB.prepare('SELECT id, state FROM face_persons ORDER BY id').all<{ id: string; state: string }>()).results;
const collectionSize = async () => (await faceData<{ person_count: number }>(`/collections/${people}`)).person_count;

describe('a person', () => {
  it('can be renamed', async () => {
    const id = await enrol(people, 'pia');
    const renamed = await faceData<PersonWithThumbnails>(`/persons/${id}`, {
      method: 'PATCH',
      body: { name: 'Pia P.' },
    });
    expect([renamed.name, (await read(id)).name]).toEqual(['Pia P.', 'Pia P.']);
    const wrong = await callFaces(`/persons/${id}`, { method: 'PATCH', body: { name: '' } });
    expect([wrong.status, wrong.message]).toEqual([409, '"name" must have at least 1 character']);
  });

  it('gets more faces, each picture once, and loses them again but for the last', async () => {
    const id = await enrol(people, 'gil', pictures('gil 1'));
    const before = await booksOf();
    const body = { images: pictures('gil 1', 'gil 2', 'gil 3') };
    const more = await faceData<PersonWithThumbnails>(`/persons/${id}/faces`, { body });
    expect([more.face_count, more.thumbnails.map(({ thumbnail }) => atob(thumbnail))]).toEqual([
      3,
      ['thumbnail of gil 1', 'thumbnail of gil 2', 'thumbnail of gil 3'],
    ]);
    expect((await booksOf()).balance).toBe((before.balance ?? 0) - 1);
    const [first, second, third] = more.thumbnails;
    for (const face of [first, third]) {
      await faceData(`/persons/${id}/faces/${face?.id}`, { method: 'DELETE' });
    }
    const left = await read(id);
    expect([left.face_count, left.thumbnails]).toEqual([1, [second]]);
    const last = await callFaces(`/persons/${id}/faces/${second?.id}`, { method: 'DELETE' });
    expect([last.status, last.message]).toEqual([
      409,
      '"face_id" is the last face of the person; remove the person instead',
    ]);
    const gone = await callFaces(`/persons/${id}/faces/${first?.id}`, { method: 'DELETE' });
    expect([gone.status, gone.message]).toEqual([404, 'Face not found']);
  });

  it('gets no face of somebody else', async () => {
    const id = await enrol(people, 'hal', pictures('hal 1'));
    const before = await booksOf();
    const answer = await callFaces(`/persons/${id}/faces`, { body: { images: pictures('hal 2', 'ann 1') } });
    expect([answer.status, answer.message]).toEqual([
      409,
      '"images.1" does not show the same person as the other images',
    ]);
    const stranger = await callFaces(`/persons/${id}/faces`, { body: { images: pictures('ann 1') } });
    expect([stranger.status, stranger.message]).toEqual([
      409,
      '"images.0" does not show the same person as the other images',
    ]);
    expect([(await read(id)).face_count, await booksOf()]).toEqual([1, before]);
  });

  it('has 20 faces at most', async () => {
    const id = await enrol(people, 'max', pictures(...Array.from({ length: 10 }, (_, n) => `max ${n}`)));
    const tens = (from: number) => ({ images: pictures(...Array.from({ length: 10 }, (_, n) => `max ${from + n}`)) });
    await faceData(`/persons/${id}/faces`, { body: tens(10) });
    const before = await booksOf();
    const answer = await callFaces(`/persons/${id}/faces`, { body: { images: pictures('max 20') } });
    expect([answer.status, answer.message]).toEqual([409, '"images" would give the person more than 20 faces']);
    expect([(await read(id)).face_count, await booksOf()]).toEqual([20, before]);
  });

  it('keeps no face that could not be paid', async () => {
    const theirs = await newCollection('theirs', { bearer: GLOBEX });
    const id = await enrol(theirs, 'ann', pictures('ann 1'), { bearer: GLOBEX });
    const { service } = stubFaces();
    const spending = {
      ...service,
      readFaces: async (request: Parameters<typeof service.readFaces>[0]) => {
        await setBalance('globex', 0);
        return await service.readFaces(request);
      },
    };
    const options = { bearer: GLOBEX, env: { FACES: spending }, body: { images: pictures('ann 2') } };
    expect((await callFaces(`/persons/${id}/faces`, options)).status).toBe(402);
    await setBalance('globex', 1000);
    const person = await faceData<PersonWithThumbnails>(`/persons/${id}`, { bearer: GLOBEX });
    expect([person.face_count, person.thumbnails.length]).toEqual([1, 1]);
  });

  it('that is deleted is nowhere any more', async () => {
    const id = await enrol(people, 'sam');
    const size = await collectionSize();
    expect(await faceData(`/persons/${id}`, { method: 'DELETE' })).toEqual({ id });
    expect(await foundBy('sam 3')).toEqual([]);
    for (const [path, options] of [
      [`/persons/${id}`, {}],
      [`/persons/${id}`, { method: 'DELETE' }],
      [`/persons/${id}`, { method: 'PATCH', body: { name: 'x' } }],
      [`/persons/${id}/faces`, { body: { images: pictures('sam 1') } }],
      [`/persons/${id}/faces/${crypto.randomUUID()}`, { method: 'DELETE' }],
    ] as const) {
      expect(await callFaces(path, options)).toMatchObject({
        status: 404,
        code: 'NotFound',
        message: 'Person not found',
      });
    }
    expect((await rows()).map((row) => row.id)).not.toContain(id);
    expect(await collectionSize()).toBe(size - 1);
    expect((await faceData<{ id: string }[]>('/persons?limit=100')).map((person) => person.id)).not.toContain(id);
  });
});

describe('the list', () => {
  it('runs from the newest to the oldest, page by page', async () => {
    const crowd = await newCollection('crowd');
    const ids: string[] = [];
    for (const n of [1, 2, 3]) ids.unshift(await enrol(crowd, `p${n}`, pictures(`p${n} 1`)));
    const seen: string[] = [];
    let cursor: string | null | undefined = '';
    while (cursor !== null) {
      const query: string = `collection_id=${crowd}&limit=1${cursor === '' ? '' : `&cursor=${cursor}`}`;
      const page = await callFaces(`/persons?${query}`);
      seen.push(...(page.data as { id: string }[]).map(({ id }) => id));
      cursor = page.next_cursor;
    }
    expect(seen).toEqual(ids);
  });

  it.each([
    ['limit=0', 409, '"limit" must be at least 1'],
    ['cursor=nonsense', 409, '"cursor" is not one that this route has given out'],
    ['collection_id=x', 409, '"collection_id" must be a valid uuid'],
    [`collection_id=${crypto.randomUUID()}`, 404, 'Collection not found'],
  ])('refuses ?%s', async (query, status, message) => {
    expect(await callFaces(`/persons?${query}`)).toMatchObject({ status, message });
  });
});
