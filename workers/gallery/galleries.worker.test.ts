import { evictDurableObject, runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { describe, expect, it } from 'vitest';
import type { CollectionExtent, GalleriesService, GalleryPlace, SearchMode } from '#shared/rpc/galleries.ts';
import { aShard, NOTHING_ON_DISK, onDisk } from './testing/a-shard.ts';
import { people } from './testing/shard-requests.ts';

/** As its interface says it: the binding's own types wrap every answer in what RPC might do to it. */
const galleries = env.GALLERIES as unknown as GalleriesService;
const FAILED = { ok: false, reason: 'failed' };

const collectionOf = (shardCount: number, organisationId: string = crypto.randomUUID()): CollectionExtent => ({
  organisationId,
  collectionId: crypto.randomUUID(),
  shardCount,
});
const placeIn = ({ organisationId, collectionId }: CollectionExtent, shard = 0): GalleryPlace => ({
  organisationId,
  collectionId,
  shard,
});
const search = (collections: CollectionExtent[], probe: Float32Array, mode: SearchMode = 'ACCURATE') =>
  galleries.search({ collections, probe, mode, count: 10, leastCosine: 0.3 });

/** From now on its disk is of no use. */
const breakShard = (place: GalleryPlace) =>
  runInDurableObject(aShard(place).stub, (_object, { storage }) => {
    storage.sql.exec("UPDATE facts SET value = x'00' WHERE name = 'key_check'");
  });

describe('the galleries', () => {
  it('find a person in whatever shard and collection they are, the best first', async () => {
    const { look, like, face, person } = people(1);
    const [staff, guests] = [collectionOf(3), collectionOf(1)];
    const probe = look();
    const [ada, bob, eve] = [0.5, 0.9, 0.7].map((cosine) => person([face(like(probe, cosine))]));
    if (!ada || !bob || !eve) throw new Error('there are three');
    await galleries.enrol(placeIn(staff, 0), ada);
    await galleries.enrol(placeIn(staff, 2), bob);
    await galleries.enrol(placeIn(guests), eve);
    for (const mode of ['FAST', 'ACCURATE'] as const) {
      expect(await search([staff, guests], probe, mode)).toMatchObject({
        ok: true,
        matches: [
          { collectionId: staff.collectionId, shard: 2, personId: bob.personId },
          { collectionId: guests.collectionId, shard: 0, personId: eve.personId },
          { collectionId: staff.collectionId, shard: 0, personId: ada.personId },
        ],
      });
    }
    const single = await galleries.search({
      collections: [staff, guests],
      probe,
      mode: 'FAST',
      count: 1,
      leastCosine: 0.3,
    });
    expect(single).toMatchObject({ matches: [{ personId: bob.personId }] });
    // What is beyond its extent is none of it; nor is what another organisation calls the same.
    expect(await search([{ ...staff, shardCount: 1 }], probe)).toMatchObject({ matches: [{ personId: ada.personId }] });
    expect(await search([{ ...staff, organisationId: 'globex' }], probe)).toEqual({ ok: true, matches: [] });
  });

  it('do all the rest in the place that is named', async () => {
    const { face, person } = people(2);
    const [ada, more] = [person(), face()];
    const place = placeIn(collectionOf(2), 1);
    const [first] = ada.faces;
    if (!first) throw new Error('a person has a face');
    expect(await galleries.enrol(place, ada)).toEqual({ ok: true, faceIds: [first.id] });
    expect(await galleries.addFaces(place, ada.personId, [more])).toEqual({
      ok: true,
      faceIds: [first.id, more.id],
      added: [more.id],
    });
    expect(await galleries.removeFace(place, ada.personId, more.id)).toEqual({ ok: true, faceIds: [first.id] });
    const compared = await galleries.compare(place, ada.personId, first.embedding);
    expect(compared.ok && compared.cosine).toBeCloseTo(1, 6);
    const { id, thumbnail, createdAtMs } = first;
    const other = { ...place, shard: 0 };
    const requests = [other, place].map((one) => ({ place: one, personIds: [ada.personId] }));
    expect(await galleries.readFaces(requests, 5)).toEqual({
      ok: true,
      persons: [{ personId: ada.personId, faces: [{ id, thumbnail, createdAtMs }] }],
    });
    expect(await galleries.removePerson(other, ada.personId)).toEqual({ ok: true });
    expect(await galleries.compare(place, ada.personId, first.embedding)).toMatchObject({
      ok: true,
      cosine: expect.any(Number),
    });
    expect(await galleries.removePerson(place, ada.personId)).toEqual({ ok: true });
    expect(await galleries.compare(place, ada.personId, first.embedding)).toEqual({ ok: true, cosine: null });
  });

  it('erase every shard of a collection, and no other', async () => {
    const { person } = people(3);
    const [staff, guests] = [collectionOf(3), collectionOf(1)];
    const there = person();
    const probe = there.faces[0]?.embedding ?? new Float32Array();
    for (const shard of [0, 1, 2]) await galleries.enrol(placeIn(staff, shard), { ...there, personId: `${shard}` });
    await galleries.enrol(placeIn(guests), there);
    expect(await galleries.erase(staff)).toEqual({ ok: true });
    expect(await search([staff, guests], probe)).toMatchObject({ matches: [{ personId: there.personId }] });
    for (const shard of [0, 1, 2]) expect(await onDisk(aShard(placeIn(staff, shard)))).toEqual(NOTHING_ON_DISK);
  });

  it('fail as a whole where one shard fails', async () => {
    const { person } = people(4);
    const staff = collectionOf(3);
    const ada = person();
    const probe = ada.faces[0]?.embedding ?? new Float32Array();
    for (const shard of [0, 1, 2]) await galleries.enrol(placeIn(staff, shard), shard === 0 ? ada : person());
    const requests = [0, 1].map((shard) => ({ place: placeIn(staff, shard), personIds: [ada.personId] }));
    expect(await search([staff], probe)).toMatchObject({ ok: true, matches: [{ personId: ada.personId }] });
    await breakShard(placeIn(staff, 1));
    // What it has in memory was read before that.
    await evictDurableObject(aShard(placeIn(staff, 1)).stub);
    expect(await search([staff], probe)).toEqual(FAILED);
    expect(await galleries.readFaces(requests, 1)).toEqual(FAILED);
    expect(await galleries.compare(placeIn(staff, 1), ada.personId, probe)).toEqual(FAILED);
    expect(await search([{ ...staff, shardCount: 1 }], probe)).toMatchObject({ ok: true });
  });

  it('answer nothing but a failure to what is no embedding', async () => {
    const { person } = people(5);
    const staff = collectionOf(1);
    await galleries.enrol(placeIn(staff), person());
    for (const probe of [
      new Float32Array(512),
      new Float32Array(3).fill(0.5),
      new Float32Array(512).fill(Number.NaN),
    ]) {
      expect(await search([staff], probe)).toEqual(FAILED);
    }
  });
});
