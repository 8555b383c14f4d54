import { env } from 'cloudflare:workers';
import { beforeAll, describe, expect, it } from 'vitest';
import type { PersonWithThumbnails } from '#shared/contract/face-search.ts';
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
import { booksOf } from '#shared/testing/post-check.ts';
import { seedDatabase } from '#shared/testing/seeded-database.ts';
import type { GatewayEnv } from '../../../env.ts';

beforeAll(seedDatabase);

const read = (id: string) => faceData<PersonWithThumbnails>(`/persons/${id}`);
const rows = async () =>
  (await env.DB.prepare('SELECT id, state FROM face_persons ORDER BY id').all<{ id: string; state: string }>()).results;

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
