import { env } from 'cloudflare:workers';
import { beforeAll, describe, expect, it } from 'vitest';
import type { PersonWithThumbnails } from '#shared/contract/face-search.ts';
import {
  callFaces,
  type FaceCallOptions,
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

const create = (members: Record<string, unknown>, options: FaceCallOptions = {}) =>
  callFaces('/persons', {
    body: { name: 'x', images: pictures('x 1'), collection_id: people, ...members },
    ...options,
  });
const read = (id: string) => faceData<PersonWithThumbnails>(`/persons/${id}`);
const foundBy = async (...names: string[]) => {
  const body = searchBody({ images: pictures(...names), collection_id: people });
  return (await faceData<Found[]>('/search', { body })).map(({ id }) => id);
};
const rows = async () =>
  (await env.DB.prepare('SELECT id, state FROM face_persons ORDER BY id').all<{ id: string; state: string }>()).results;
const collectionSize = async () => (await faceData<{ person_count: number }>(`/collections/${people}`)).person_count;

describe('enrolment', () => {
  it('answers with the person, who can be found, read and listed from then on', async () => {
    const { status, id, data, signature } = await create({ name: ' Ann  B. ', images: pictures('ann 1', 'ann 2') });
    const person = data as PersonWithThumbnails;
    expect([status, data]).toEqual([
      200,
      {
        id: expect.any(String),
        name: 'Ann  B.',
        collection_id: people,
        face_count: 2,
        created_at: expect.any(String),
        updated_at: expect.any(String),
        thumbnails: [
          { id: expect.any(String), thumbnail: btoa('thumbnail of ann 1') },
          { id: expect.any(String), thumbnail: btoa('thumbnail of ann 2') },
        ],
      },
    ]);
    expect([id === person.id, signature?.message]).toEqual([false, 'Certified by Edge Liveness']);
    expect(await foundBy('ann 3')).toEqual([person.id]);
    expect(await read(person.id)).toEqual(person);
    const { thumbnails: _, ...listed } = person;
    expect(await faceData(`/persons?collection_id=${people}`)).toEqual([listed]);
    expect(await collectionSize()).toBe(1);
  });

  it('asks for embeddings of face and mirror image, and a thumbnail of the subject', async () => {
    const faces = stubFaces();
    await create({ images: pictures('lea 1') }, { env: { FACES: faces.service } });
    expect(faces.requests).toMatchObject([{ framing: 'whole', embedding: 'flipped', thumbnails: 'subject' }]);
  });

  it('keeps the same picture once', async () => {
    const data = (await create({ images: pictures('may 1', 'may 2', 'may 1') })).data as PersonWithThumbnails;
    expect([data.face_count, data.thumbnails.length]).toEqual([2, 2]);
  });

  it('costs a credit and leaves a usage row', async () => {
    const before = await booksOf();
    const data = (await create({ images: pictures('eve 1', 'eve 2') })).data as PersonWithThumbnails;
    const after = await booksOf();
    expect([after.balance, after.usageRows]).toEqual([(before.balance ?? 0) - 1, (before.usageRows ?? 0) + 1]);
    const usage = await env.DB.prepare('SELECT * FROM usage_events WHERE session_id = ?').bind(data.id).first();
    expect(usage).toMatchObject({
      operation: 'createPerson',
      model: 'face-search',
      frames_processed: 2,
      verdict: null,
    });
  });

  it.each([
    [{ name: undefined }, '"name" is required'],
    [{ name: '  ' }, '"name" must have at least 1 character'],
    [{ name: 'x'.repeat(201) }, '"name" must have at most 200 characters'],
    [{ images: undefined }, '"images" is required'],
    [{ images: [] }, '"images" must have at least 1 item'],
    [{ images: Array(11).fill('eA==') }, '"images" must have at most 10 items'],
    [{ collection_id: undefined }, '"collection_id" is required'],
    [{ collection_id: 'people' }, '"collection_id" must be a valid uuid'],
    [{ unique: 'yes' }, '"unique" must be a boolean'],
    [{ images: pictures('ann 1', 'no_face') }, '"images.1" shows no face'],
    [{ images: pictures('several_faces ann') }, '"images.0" shows several faces, and none of them stands out'],
    [{ images: pictures('ann 1', 'too_blurred ann') }, '"images.1" shows a face that is too blurred'],
    [{ images: pictures('too_dark ann') }, '"images.0" shows a face that is too dark'],
    [{ images: pictures('ann 1', 'bob 1') }, '"images.1" does not show the same person as the other images'],
    [{ images: pictures('ann 1', 'bob 1', 'ann 2') }, '"images.1" does not show the same person as the other images'],
  ])('refuses %j and leaves nothing', async (members, message) => {
    const before = [await booksOf(), await rows()];
    const answer = await create(members);
    expect([answer.status, answer.code, answer.message]).toEqual([409, 'MissingParameter', message]);
    expect([await booksOf(), await rows()]).toEqual(before);
  });

  it('needs a collection of one’s own', async () => {
    for (const options of [{}, { bearer: GLOBEX }]) {
      const collection_id = 'bearer' in options ? people : crypto.randomUUID();
      expect(await create({ collection_id }, options)).toMatchObject({ status: 404, message: 'Collection not found' });
    }
  });

  it('can insist that the person is new', async () => {
    const first = (await create({ images: pictures('ida 1'), unique: true })).data as PersonWithThumbnails;
    const before = [await booksOf(), await rows()];
    const again = await create({ images: pictures('ida 2'), unique: true });
    expect([again.status, again.code, again.message]).toEqual([
      409,
      'Conflict',
      `The person is enrolled already, as ${first.id}`,
    ]);
    expect([await booksOf(), await rows()]).toEqual(before);
    expect((await create({ images: pictures('ida 2') })).status).toBe(200);
  });

  it('lets one of two that insist in at once', async () => {
    const answers = await Promise.all([1, 2, 3, 4].map((n) => create({ images: pictures(`tom ${n}`), unique: true })));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409, 409, 409]);
    expect(await foundBy('tom 9')).toHaveLength(1);
    expect((await rows()).filter(({ state }) => state !== 'enrolled')).toEqual([]);
  });

  it('is not done without credits', async () => {
    const theirs = await newCollection('theirs', { bearer: 'sk-local-broke' });
    const faces = stubFaces();
    const options = { bearer: 'sk-local-broke', env: { FACES: faces.service } };
    expect(await create({ collection_id: theirs }, options)).toMatchObject({ status: 402, code: 'PaymentRequired' });
    expect(faces.requests).toEqual([]);
  });

  it('is undone when somebody else has spent the credits', async () => {
    await setBalance('globex', 1);
    const theirs = await newCollection('theirs', { bearer: GLOBEX });
    const { service } = stubFaces();
    const spending = {
      ...service,
      readFaces: async (request: Parameters<typeof service.readFaces>[0]) => {
        await setBalance('globex', 0);
        return await service.readFaces(request);
      },
    };
    const before = await rows();
    const options = { bearer: GLOBEX, env: { FACES: spending } };
    expect(await create({ collection_id: theirs, images: pictures('ann 1') }, options)).toMatchObject({ status: 402 });
    await setBalance('globex', 1000);
    expect(await rows()).toEqual(before);
    const body = searchBody({ collection_id: theirs });
    expect(await faceData('/search', { body, bearer: GLOBEX })).toEqual([]);
  });

  it('done twice with one Idempotency-Key is done once', async () => {
    const headers = { 'idempotency-key': crypto.randomUUID() };
    const before = await booksOf();
    const first = await create({ images: pictures('una 1') }, { headers });
    const second = await create({ images: pictures('una 1') }, { headers });
    expect([second.data, second.headers.get('idempotency-replayed')]).toEqual([first.data, 'true']);
    expect((await booksOf()).balance).toBe((before.balance ?? 0) - 1);
    expect(await foundBy('una 2')).toHaveLength(1);
    const other = await create({ images: pictures('una 2') }, { headers });
    expect([other.status, other.code]).toEqual([409, 'MissingParameter']);
  });
});
