import { runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import type { FaceToKeep, GalleryPlace, PersonToEnrol } from '#shared/rpc/galleries.ts';
import type { ShardQuestion } from '../gallery-shard-work.ts';
import { type AskedShard, nameOf } from '../gallery-shards.ts';
import { placeOf } from './shard-requests.ts';

export type ShardUnderTest = ReturnType<typeof aShard>;

/** One shard, by what its callers may say to it. */
export function aShard(place: GalleryPlace = placeOf()) {
  const stub = env.GALLERY_SHARD.getByName(nameOf(place));
  const shard = stub as unknown as AskedShard;
  return {
    place,
    stub,
    enrol: (person: PersonToEnrol) => shard.enrol(place, person),
    addFaces: (personId: string, faces: FaceToKeep[]) => shard.addFaces(place, personId, faces),
    removeFace: (personId: string, faceId: string) => shard.removeFace(place, personId, faceId),
    removePerson: (personId: string) => shard.removePerson(place, personId),
    erase: () => shard.erase(place),
    readFaces: (personIds: string[], perPerson = 10) => shard.readFaces(place, personIds, perPerson),
    compare: (personId: string, probe: Float32Array) => shard.compare(place, personId, probe),
    search: (probe: Float32Array, change: Partial<ShardQuestion> = {}) =>
      shard.search(place, { probe, mode: 'ACCURATE', count: 10, leastCosine: 0.3, ...change }),
  };
}

export function rowsOf({ stub }: ShardUnderTest) {
  return runInDurableObject(stub, (_object, { storage }) => {
    const count = (table: string) => storage.sql.exec<{ n: number }>(`SELECT count(*) AS n FROM ${table}`).one().n;
    return { persons: count('persons'), faces: count('faces') };
  });
}

/** What of an object is stored: nothing when it never was. */
export function onDisk({ stub }: ShardUnderTest) {
  return runInDurableObject(stub, async (_object, { storage }) => ({
    tables: storage.sql
      .exec<{ name: string }>("SELECT name FROM sqlite_master WHERE name NOT LIKE '\\_%' ESCAPE '\\'")
      .toArray(),
    alarm: await storage.getAlarm(),
  }));
}

export const NOTHING_ON_DISK = { tables: [], alarm: null };
