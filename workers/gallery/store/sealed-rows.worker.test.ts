import { Buffer } from 'node:buffer';
import { describe, expect, it } from 'vitest';
import { meanDirection } from '#shared/lib/embedding.ts';
import type { GalleryShardWork } from '../gallery-shard-work.ts';
import { inShard, MASTER_KEY, type ShardOnDisk } from '../testing/in-shard.ts';
import { people } from '../testing/shard-requests.ts';

const { look, face, person } = people(1);
const ada = person([face(), face()]);
const bob = person([face(), face()]);
const enrolBoth = async (work: GalleryShardWork) => {
  await work.enrol(ada);
  await work.enrol(bob);
};
const search = (work: GalleryShardWork) => work.search({ probe: look(), mode: 'ACCURATE', count: 10, leastCosine: -1 });

const bytesOf = (vector: Float32Array) => Buffer.from(vector.buffer, vector.byteOffset, vector.byteLength);

/** All values of all tables, as bytes. */
function everything({ storage, rows }: ShardOnDisk): Buffer[] {
  const tables = storage.sql
    .exec<{ name: string }>(
      "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%' AND name NOT LIKE '\\_%' ESCAPE '\\'",
    )
    .toArray();
  return tables
    .flatMap(({ name }) => rows(name).flat())
    .map((value) => (value instanceof ArrayBuffer ? Buffer.from(value) : Buffer.from(String(value))));
}

describe('the rows of a shard', () => {
  it('hold nothing of a face that can be read', () =>
    inShard(async (shard) => {
      await enrolBoth(shard.live());
      const stored = everything(shard);
      expect(stored.length).toBeGreaterThan(30);
      const secrets = [ada, bob].flatMap(({ faces }) => [
        bytesOf(meanDirection(faces.map(({ embedding }) => embedding))).subarray(0, 16),
        ...faces.flatMap(({ embedding, thumbnail, pictureHash }) => [
          bytesOf(embedding).subarray(0, 16),
          bytesOf(embedding).subarray(-16),
          Buffer.from(thumbnail).subarray(0, 16),
          Buffer.from(pictureHash),
        ]),
      ]);
      for (const secret of secrets) {
        expect(secret.length).toBeGreaterThanOrEqual(16);
        expect(stored.some((value) => value.includes(secret))).toBe(false);
      }
      // That this would find them: the ids are there to be read.
      expect(stored.some((value) => value.includes(Buffer.from(ada.personId)))).toBe(true);
    }));

  it.each<[string, string, (work: GalleryShardWork) => Promise<unknown>]>([
    [
      'templates',
      'UPDATE persons SET template = (SELECT template FROM persons AS other WHERE other.no <> persons.no)',
      search,
    ],
    [
      'templates',
      'UPDATE persons SET template = (SELECT template FROM persons AS other WHERE other.no <> persons.no)',
      (work) => work.compare(ada.personId, look()),
    ],
    [
      'templates and embeddings',
      'UPDATE persons SET template = (SELECT embedding FROM faces WHERE person_no = persons.no LIMIT 1)',
      search,
    ],
    [
      'embeddings of one person',
      'UPDATE faces SET embedding = (SELECT embedding FROM faces AS o WHERE o.person_no = faces.person_no AND o.id <> faces.id)',
      (work) => work.addFaces(ada.personId, [face()]),
    ],
    [
      'thumbnails of one person',
      'UPDATE faces SET thumbnail = (SELECT thumbnail FROM faces AS o WHERE o.person_no = faces.person_no AND o.id <> faces.id)',
      (work) => work.readFaces([ada.personId], 1),
    ],
    ['names', "UPDATE persons SET id = 'eve' WHERE no = 1", search],
    [
      'a bit',
      "UPDATE persons SET template = CAST(substr(template, 1, 99) || x'00' || substr(template, 101) AS BLOB)",
      search,
    ],
  ])('that were exchanged answer nothing: %s (%#)', (_name, exchange, ask) =>
    inShard(async ({ live, storage }) => {
      await enrolBoth(live());
      await ask(live());
      storage.sql.exec(exchange);
      await expect(ask(live())).rejects.toThrow(/does not open/);
    }),
  );

  const ASKS: [string, (work: GalleryShardWork) => Promise<unknown>][] = [
    ['search', search],
    ['enrol', (work) => work.enrol(person())],
    ['enrol anew', (work) => work.enrol(ada)],
    ['add faces', (work) => work.addFaces(ada.personId, [face()])],
    ['remove a face', (work) => work.removeFace(ada.personId, ada.faces[0]?.id ?? '')],
    ['remove a person', (work) => work.removePerson(ada.personId)],
    ['read faces', (work) => work.readFaces([ada.personId], 1)],
    ['read those of nobody', (work) => work.readFaces(['nobody'], 1)],
    ['compare', (work) => work.compare(ada.personId, look())],
  ];

  it.each(ASKS)('sealed under another key are a failure, never an empty gallery: %s', (_name, ask) =>
    inShard(async ({ live, onDisk }) => {
      await enrolBoth(live());
      const before = onDisk();
      for (const life of [
        { masterKey: MASTER_KEY.map((byte) => byte + 1) },
        { organisationId: 'globex' },
        { collectionId: 'guests' },
      ]) {
        await expect(ask(live(life))).rejects.toThrow(/key_check does not open/);
      }
      expect(onDisk()).toBe(before);
    }),
  );

  it('under a key that is lost can still be erased', () =>
    inShard(async ({ live, storage }) => {
      await enrolBoth(live());
      await live({ masterKey: MASTER_KEY.map((byte) => byte + 1) }).erase();
      expect(storage.sql.exec("SELECT name FROM sqlite_master WHERE name = 'persons'").toArray()).toEqual([]);
    }));
});
