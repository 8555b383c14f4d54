import { env } from 'cloudflare:workers';
import { beforeAll, describe, expect, it } from 'vitest';
import type { PersonWithThumbnails } from '#shared/contract/face-search.ts';
import type { GalleriesService } from '#shared/rpc/galleries.ts';
import {
  callFaces,
  enrol,
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
import type { GatewayEnv } from '../../../env.ts';

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

describe('a shard that is full', () => {
  const { GALLERIES } = env as unknown as GatewayEnv;
  const fullBelow = (shard: number): GalleriesService =>
    new Proxy(GALLERIES, {
      get: (target, name) =>
        name === 'enrol'
          ? async (...request: Parameters<GalleriesService['enrol']>) =>
              request[0].shard < shard ? { ok: false, reason: 'full' } : await target.enrol(...request)
          : Reflect.get(target, name),
    });
  const shardsOf = async (collection: string) =>
    await env.DB.prepare('SELECT shard_count FROM face_collections WHERE id = ?').bind(collection).first('shard_count');
  const shardOf = async (person: string) =>
    await env.DB.prepare('SELECT shard FROM face_persons WHERE id = ?').bind(person).first('shard');

  it('is followed by another, also when several find it full at once', async () => {
    const large = await newCollection('large');
    const first = await enrol(large, 'p0', pictures('p0 1'));
    const options = { env: { GALLERIES: fullBelow(1) } };
    const more = await Promise.all([1, 2, 3].map((n) => enrol(large, `p${n}`, pictures(`p${n} 1`), options)));
    expect([await shardsOf(large), await shardOf(first)]).toEqual([2, 0]);
    expect(await Promise.all(more.map(shardOf))).toEqual([1, 1, 1]);
    // Everybody is found, wherever they are; read, added to, compared with and deleted, too.
    for (const [n, id] of [first, ...more].entries()) {
      const body = searchBody({ images: pictures(`p${n} 9`), collection_id: large });
      expect((await faceData<Found[]>('/search', { body })).map((person) => person.id)).toEqual([id]);
      await faceData(`/persons/${id}/faces`, { body: { images: pictures(`p${n} 2`) } });
      expect((await read(id)).thumbnails).toHaveLength(2);
      const verified = await faceData('/verify', { body: { images: pictures(`p${n} 9`), person_id: id } });
      expect(verified).toMatchObject({ match: true });
    }
    const duplicate = { name: 'x', images: pictures('p0 5'), collection_id: large, unique: true };
    expect((await callFaces('/persons', { body: duplicate, ...options })).message).toContain(first);
    await faceData(`/collections/${large}`, { method: 'DELETE' });
    for (const name of ['p0', 'p1', 'p2', 'p3']) {
      expect(await faceData<Found[]>('/search', { body: searchBody({ images: pictures(`${name} 9`) }) })).toEqual([]);
    }
  });

  it('after which there is none that is not full ends the enrolment, and leaves nothing', async () => {
    const large = await newCollection('large');
    const before = [await booksOf(), await rows()];
    const options = { env: { GALLERIES: fullBelow(99) } };
    const body = { name: 'x', images: pictures('p0 1'), collection_id: large };
    expect((await callFaces('/persons', { body, ...options })).status).toBe(500);
    expect([await booksOf(), await rows()]).toEqual(before);
  });
});

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

describe('a collection', () => {
  it('is created, read, renamed, listed and deleted with everybody in it', async () => {
    const created = await callFaces('/collections', { body: { name: 'visitors' } });
    const { id } = created.data as { id: string };
    expect([created.status, created.data]).toEqual([
      200,
      { id, name: 'visitors', person_count: 0, created_at: expect.any(String) },
    ]);
    const ann = await enrol(id, 'ann', pictures('ann 1'));
    expect(await faceData(`/collections/${id}`)).toMatchObject({ person_count: 1 });
    const renamed = await faceData(`/collections/${id}`, { method: 'PATCH', body: { name: 'guests' } });
    expect(renamed).toMatchObject({ id, name: 'guests' });
    expect(await faceData('/collections')).toContainEqual(renamed);
    expect(await faceData(`/collections/${id}`, { method: 'DELETE' })).toEqual({ id });
    for (const path of [`/collections/${id}`, `/persons/${ann}`, `/persons?collection_id=${id}`]) {
      expect((await callFaces(path)).status).toBe(404);
    }
    expect(await callFaces('/search', { body: searchBody({ collection_id: id }) })).toMatchObject({ status: 404 });
    expect((await rows()).map((row) => row.id)).not.toContain(ann);
    const left = await env.DB.prepare('SELECT count(*) AS n FROM face_collections WHERE id = ?').bind(id).first('n');
    expect(left).toBe(0);
    expect((await callFaces(`/collections/${id}`, { method: 'DELETE' })).status).toBe(404);
  });

  it.each([{}, { name: '' }, { name: 7 }, { name: 'x'.repeat(201) }])('needs a name: %j', async (body) => {
    expect(await callFaces('/collections', { body })).toMatchObject({ status: 409, code: 'MissingParameter' });
  });

  it('of another organisation is none', async () => {
    for (const method of ['GET', 'DELETE']) {
      expect(await callFaces(`/collections/${people}`, { method, bearer: GLOBEX })).toMatchObject({ status: 404 });
    }
    expect((await callFaces(`/collections/${people}`)).status).toBe(200);
  });
});
