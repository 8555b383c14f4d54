import { env } from 'cloudflare:workers';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openDatabase } from '#shared/db/database.ts';
import type { GalleriesService } from '#shared/rpc/galleries.ts';
import {
  callFaces,
  enrol,
  type Found,
  faceData,
  newCollection,
  pictures,
  searchBody,
} from '#shared/testing/call-faces.ts';
import { faultyDatabase, faultyMethods, type Step } from '#shared/testing/faulty-ports.ts';
import { booksOf } from '#shared/testing/post-check.ts';
import { seedDatabase } from '#shared/testing/seeded-database.ts';
import { embeddingOf } from '#shared/testing/stub-faces.ts';
import type { GatewayEnv } from '../env.ts';
import { tendGalleries } from './tend-galleries.ts';

/** No request has so many steps: one that is never reached shows that the last one was. */
const MOST_STEPS = 30;
const LATER_MS = 60 * 60 * 1000;
const { GALLERIES } = env as unknown as GatewayEnv;

let people: string;

beforeAll(seedDatabase);
beforeEach(async () => {
  people = await newCollection();
});

type Fault = 'dies before' | 'dies after' | 'is cut off for a moment';

/** From the n-th call of the database or the gallery on nothing is answered any more; the n-th itself may have been carried out. */
function dying(at: number, fault: Fault) {
  let calls = 0;
  const step: Step = async (call) => {
    calls++;
    if (calls < at || (calls > at && fault === 'is cut off for a moment')) return await call();
    if (calls === at && fault === 'dies after') await call();
    throw new Error('D1_ERROR: Network connection lost.');
  };
  const bindings = { DB: faultyDatabase(env.DB, step), GALLERIES: faultyMethods(GALLERIES, step) };
  return { bindings, wasReached: () => calls >= at };
}

/** The hourly look, when every request of now has come to an end one way or another. */
function tend(galleries: GalleriesService = GALLERIES, laterMs = LATER_MS): Promise<void> {
  return tendGalleries({ database: openDatabase(env.DB), galleries, nowMs: () => Date.now() + laterMs });
}

const peopleRows = async () =>
  (await env.DB.prepare('SELECT * FROM face_persons WHERE collection_id = ?').bind(people).all()).results;

/** Whatever the gallery itself holds, known to the database or not. */
async function inGallery(...names: string[]): Promise<string[]> {
  const organisationId = (await env.DB.prepare("SELECT id FROM organisations WHERE slug = 'acme'").first(
    'id',
  )) as string;
  const collections = [{ organisationId, collectionId: people, shardCount: 2 }];
  const ids = new Set<string>();
  for (const name of names) {
    const probe = embeddingOf(name);
    const result = await GALLERIES.search({ collections, probe, mode: 'ACCURATE', count: 10, leastCosine: 0.3 });
    if (!result.ok) throw new Error('the gallery failed');
    for (const { personId } of result.matches) ids.add(personId);
  }
  return [...ids];
}

const found = async (name: string) =>
  (await faceData<Found[]>('/search', { body: searchBody({ images: pictures(name), collection_id: people }) })).map(
    ({ id }) => id,
  );

const FAULTS: Fault[] = ['dies before', 'dies after', 'is cut off for a moment'];

/** Repeats `attempt` with a fault at the first step, the second, and so on, until there is no such step. */
async function atEveryStep(fault: Fault, attempt: (bindings: Partial<GatewayEnv>, at: number) => Promise<void>) {
  for (let at = 1; at < MOST_STEPS; at++) {
    const { bindings, wasReached } = dying(at, fault);
    await attempt(bindings, at);
    if (!wasReached()) return at - 1;
  }
  throw new Error('there is no end to its steps');
}

describe.each(FAULTS)('a request that %s at any step', (fault) => {
  it('enrols and charges, or leaves nothing that anybody finds, and nothing at all after an hour', async () => {
    const steps = await atEveryStep(fault, async (bindings, at) => {
      const before = await booksOf();
      const body = { name: 'ann', images: pictures('ann 1'), collection_id: people };
      const { status } = await callFaces('/persons', { body, env: bindings });
      const rows = (await peopleRows()).filter(({ state }) => state === 'enrolled');
      const charged = (before.balance ?? 0) - ((await booksOf()).balance ?? 0);
      expect([at, rows.length, (await found('ann 2')).length]).toEqual([at, charged, charged]);
      // The answer may be lost on its way; it is never a yes to what was not done.
      if (status === 200) expect(charged).toBe(1);
      await tend();
      expect([at, (await peopleRows()).length, (await inGallery('ann 2')).length]).toEqual([at, charged, charged]);
      for (const { id } of rows) await faceData(`/persons/${id}`, { method: 'DELETE' });
    });
    expect(steps).toBeGreaterThan(6);
  });

  it('deletes a person, or leaves them whole or on their way out', async () => {
    const steps = await atEveryStep(fault, async (bindings, at) => {
      const id = await enrol(people, 'bob');
      const { status } = await callFaces(`/persons/${id}`, { method: 'DELETE', env: bindings });
      const [row] = await peopleRows();
      expect([at, await found('bob 3')]).toEqual([at, row?.state === 'enrolled' ? [id] : []]);
      if (status === 200) expect([row, await inGallery('bob 3')]).toEqual([undefined, []]);
      if (row !== undefined) {
        // Whoever asks again gets it done.
        expect(await faceData(`/persons/${id}`, { method: 'DELETE' })).toEqual({ id });
      }
      expect([at, await peopleRows(), await inGallery('bob 3')]).toEqual([at, [], []]);
    });
    expect(steps).toBeGreaterThan(2);
  });

  it('deletes a collection, or leaves it whole or on its way out', async () => {
    const steps = await atEveryStep(fault, async (bindings, at) => {
      people = await newCollection();
      const id = await enrol(people, 'cat');
      await callFaces(`/collections/${people}`, { method: 'DELETE', env: bindings });
      const stillThere = (await callFaces(`/collections/${people}`)).status === 200;
      const statusOfPerson = (await callFaces(`/persons/${id}`)).status;
      expect([at, statusOfPerson, await inGallery('cat 3')]).toEqual(
        stillThere ? [at, 200, [id]] : [at, 404, expect.any(Array)],
      );
      await tend();
      const left = await env.DB.prepare('SELECT 1 FROM face_collections WHERE id = ?').bind(people).all();
      expect([at, left.results.length, await inGallery('cat 3')]).toEqual(stillThere ? [at, 1, [id]] : [at, 0, []]);
    });
    expect(steps).toBeGreaterThan(2);
  });

  it('searches and charges, or does neither', async () => {
    await enrol(people, 'dan');
    const steps = await atEveryStep(fault, async (bindings, at) => {
      const before = await booksOf();
      const body = searchBody({ images: pictures('dan 3'), collection_id: people });
      const answer = await callFaces('/search', { body, env: bindings });
      const charged = (before.balance ?? 0) - ((await booksOf()).balance ?? 0);
      if (answer.status === 200) expect([at, charged, (answer.data as Found[]).length]).toEqual([at, 1, 1]);
      // Only whoever hears nothing of a charge that was made has paid for nothing.
      else if (fault !== 'dies after') expect([at, charged]).toEqual([at, 0]);
    });
    expect(steps).toBeGreaterThan(4);
  });

  it('adds faces and says so, or does not say so', async () => {
    const id = await enrol(people, 'eli', pictures('eli 0'));
    const steps = await atEveryStep(fault, async (bindings, at) => {
      const before = await booksOf();
      const body = { images: pictures(`eli ${at}`) };
      const answer = await callFaces(`/persons/${id}/faces`, { body, env: bindings });
      const { thumbnails } = await faceData<{ thumbnails: { thumbnail: string }[] }>(`/persons/${id}`);
      const isThere = thumbnails.some(({ thumbnail }) => atob(thumbnail) === `thumbnail of eli ${at}`);
      const charged = (before.balance ?? 0) - ((await booksOf()).balance ?? 0);
      if (answer.status === 200) expect([at, isThere, charged]).toEqual([at, true, 1]);
      // Whoever dies cannot take back what was not paid for: a face of the right person stays, for nothing.
      if (fault === 'is cut off for a moment') expect([at, isThere]).toEqual([at, charged === 1]);
      else if (charged === 1) expect([at, isThere]).toEqual([at, true]);
      expect(await found('eli 99')).toEqual([id]);
    });
    expect(steps).toBeGreaterThan(5);
  });
});

describe('a collection that is deleted while somebody is being enrolled into it', () => {
  const deletingFirst = (then: (target: GalleriesService) => GalleriesService['enrol']): GalleriesService =>
    new Proxy(GALLERIES, {
      get: (target, name) =>
        name === 'enrol'
          ? async (...request: Parameters<GalleriesService['enrol']>) => {
              await faceData(`/collections/${people}`, { method: 'DELETE' });
              return await then(target)(...request);
            }
          : Reflect.get(target, name),
    });
  const enrolInto = (galleries: GalleriesService) =>
    callFaces('/persons', {
      body: { name: 'ivo', images: pictures('ivo 1'), collection_id: people },
      env: { GALLERIES: galleries },
    });
  const collections = async () =>
    (await env.DB.prepare('SELECT 1 FROM face_collections WHERE id = ?').bind(people).all()).results.length;

  it('takes them with it, and nothing is charged', async () => {
    const before = await booksOf();
    const answer = await enrolInto(
      deletingFirst(
        (target) =>
          (...request) =>
            target.enrol(...request),
      ),
    );
    expect(answer).toMatchObject({ status: 404, message: 'Collection not found' });
    expect([await booksOf(), await inGallery('ivo 2'), await peopleRows()]).toEqual([before, [], []]);
    await tend();
    expect(await collections()).toBe(0);
  });

  it('does so, too, when the request is never heard of again', async () => {
    const never = deletingFirst((target) => async (...request) => {
      await target.enrol(...request);
      throw new Error('gone');
    });
    const gone: GalleriesService = new Proxy(never, {
      get: (target, name) =>
        name === 'removePerson' ? () => Promise.reject(new Error('gone')) : Reflect.get(target, name),
    });
    expect((await enrolInto(gone)).status).toBe(503);
    expect([(await inGallery('ivo 2')).length, await collections()]).toEqual([1, 1]);
    await tend(GALLERIES, 2 * LATER_MS);
    expect([await inGallery('ivo 2'), await peopleRows(), await collections()]).toEqual([[], [], 0]);
  });
});

describe('the hourly look', () => {
  it('leaves alone what is in order, and what may still be under way', async () => {
    const id = await enrol(people, 'fay');
    await env.DB.prepare("UPDATE face_persons SET state = 'enrolling', updated_at_ms = ? WHERE id = ?")
      .bind(Date.now() - 60_000, id)
      .run();
    await tendGalleries({ database: openDatabase(env.DB), galleries: GALLERIES, nowMs: () => Date.now() });
    expect(await inGallery('fay 3')).toEqual([id]);
    await env.DB.prepare("UPDATE face_persons SET state = 'enrolled' WHERE id = ?").bind(id).run();
    await tend();
    expect(await found('fay 3')).toEqual([id]);
  });

  it('goes on with the others where the gallery fails for one, and comes back to it', async () => {
    const [first, second] = [await enrol(people, 'gus'), await enrol(people, 'hans')];
    await env.DB.prepare("UPDATE face_persons SET state = 'deleting' WHERE collection_id = ?").bind(people).run();
    const failing: GalleriesService = new Proxy(GALLERIES, {
      get: (target, name) =>
        name === 'removePerson'
          ? async (place: Parameters<GalleriesService['removePerson']>[0], personId: string) =>
              personId === first ? { ok: false, reason: 'failed' } : await target.removePerson(place, personId)
          : Reflect.get(target, name),
    });
    await tend(failing);
    expect((await peopleRows()).map(({ id }) => id)).toEqual([first]);
    expect(await inGallery('gus 3', 'hans 3')).toEqual([first]);
    expect(second).not.toBe(first);
    await tend(GALLERIES, 2 * LATER_MS);
    expect([await peopleRows(), await inGallery('gus 3')]).toEqual([[], []]);
  });
});
