import { runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { GalleryShard, type GalleryShardEnv } from './gallery-shard.ts';
import { people, placeOf } from './testing/shard-requests.ts';
import { VectorizeDouble } from './testing/vectorize-double.ts';

const { look, person } = people(1);
const FAILED = { ok: false, reason: 'failed' };

afterEach(() => vi.restoreAllMocks());

/** Two shards over the same storage: as it was configured, and as it is now. */
const withEnv = <Answer>(
  change: Partial<GalleryShardEnv>,
  test: (before: GalleryShard, now: GalleryShard, storage: DurableObjectStorage) => Promise<Answer>,
) =>
  runInDurableObject(env.GALLERY_SHARD.getByName(crypto.randomUUID()), (_object, state) => {
    const { FACE_DATA_KEY, ENVIRONMENT } = env;
    const { FACE_DATA_KEY: key = FACE_DATA_KEY, ...different } = change;
    const others = { ENVIRONMENT, ...different };
    const changed: GalleryShardEnv = key === 'unset' ? others : { FACE_DATA_KEY: key, ...others };
    return test(
      new GalleryShard(state, { FACE_DATA_KEY, ENVIRONMENT }),
      new GalleryShard(state, changed),
      state.storage,
    );
  });

const OTHER_KEY = btoa('another key of thirty-two bytes!');

describe('a shard that is not configured', () => {
  it.each<[string, Partial<GalleryShardEnv>, RegExp]>([
    ['without a key', { FACE_DATA_KEY: 'unset' }, /FACE_DATA_KEY is not set/],
    ['with what is no key', { FACE_DATA_KEY: 'secret-but-short' }, /FACE_DATA_KEY is no key/],
    ['with the local key in production', { ENVIRONMENT: 'production' }, /FACE_DATA_KEY is the local one/],
    ['with another key', { FACE_DATA_KEY: OTHER_KEY }, /key_check does not open/],
    ['with an engine that there is not', { GALLERY_ENGINE: 'faiss' }, /GALLERY_ENGINE must be/],
    ['for Vectorize, without its binding', { GALLERY_ENGINE: 'vectorize' }, /FACE_VECTORS is not bound/],
  ])('answers nothing: %s', (_name, change, logged) =>
    withEnv(change, async (before, now) => {
      const error = vi.spyOn(console, 'error').mockImplementation(() => undefined);
      const place = placeOf();
      const ada = person();
      const question = { probe: look(), mode: 'ACCURATE', count: 1, leastCosine: -1 } as const;
      expect(await before.enrol(place, ada)).toMatchObject({ ok: true });
      expect(await now.search(place, question)).toEqual(FAILED);
      expect(await now.enrol(place, person())).toEqual(FAILED);
      expect(await now.addFaces(place, ada.personId, person().faces)).toEqual(FAILED);
      expect(await now.removeFace(place, ada.personId, 'any')).toEqual(FAILED);
      expect(await now.removePerson(place, ada.personId)).toEqual(FAILED);
      expect(await now.readFaces(place, [ada.personId], 1)).toEqual(FAILED);
      expect(await now.compare(place, ada.personId, look())).toEqual(FAILED);
      const lines = error.mock.calls.map((words) => words.join(' '));
      expect(lines).toHaveLength(7);
      for (const line of lines) {
        expect(line).toMatch(logged);
        expect(line).not.toContain(change.FACE_DATA_KEY ?? 'none');
      }
      // Nothing was harmed.
      expect(await before.search(place, question)).toMatchObject({ ok: true, matches: [{ personId: ada.personId }] });
    }),
  );
});

describe('a shard over Vectorize', () => {
  it('sets its bell, and when it rings sends what is missing', () => {
    const vectors = new VectorizeDouble();
    return withEnv({ GALLERY_ENGINE: 'vectorize', FACE_VECTORS: vectors }, async (_before, now, storage) => {
      vi.spyOn(console, 'error').mockImplementation(() => undefined);
      const ada = person();
      vectors.fails.add('upsert');
      expect(await now.enrol(placeOf(), ada)).toMatchObject({ ok: true });
      expect(await storage.getAlarm()).toBeGreaterThan(Date.now());
      vectors.fails.clear();
      // A life that was not asked anything yet: the storage says who it is.
      await now.alarm();
      vectors.settle();
      expect(vectors.shown).toHaveLength(1);
      await now.alarm();
      expect(storage.sql.exec('SELECT * FROM vector_changes').toArray()).toEqual([]);
    });
  });

  it('whose key is lost sets its bell once more', () =>
    withEnv({ FACE_DATA_KEY: 'unset' }, async (before, now, storage) => {
      const error = vi.spyOn(console, 'error').mockImplementation(() => undefined);
      await now.alarm();
      expect(await storage.getAlarm()).toBeNull();
      await before.enrol(placeOf(), person());
      await now.alarm();
      expect(await storage.getAlarm()).toBeGreaterThan(Date.now() + 30_000);
      expect(error).toHaveBeenCalledOnce();
    }));
});
