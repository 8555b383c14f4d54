import { describe, expect, it } from 'vitest';
import type { SearchMode } from '#shared/rpc/galleries.ts';
import type { GalleryShardWork } from '../gallery-shard-work.ts';
import { inShard, type Life, type ShardOnDisk } from '../testing/in-shard.ts';
import { people } from '../testing/shard-requests.ts';
import { VectorizeDouble } from '../testing/vectorize-double.ts';

/** What a shard is promised to do, whatever finds its persons. */
interface Engine {
  life(): Life;
  /** What happens, with time, between two calls. */
  later?(shard: ShardOnDisk, work: GalleryShardWork, life: Life): Promise<void>;
}

const ENGINES: [string, Engine][] = [
  ['durable-object', { life: () => ({}) }],
  ['vectorize, which does not show its vectors yet', { life: () => ({ vectors: new VectorizeDouble() }) }],
  [
    'vectorize, which shows them',
    {
      life: () => ({ vectors: new VectorizeDouble() }),
      later: async ({ clock }, work, { vectors }) => {
        vectors?.settle();
        clock.nowMs += 60_000;
        await work.tend();
        vectors?.settle();
      },
    },
  ],
  [
    'vectorize, which takes nothing',
    {
      life: () => {
        const vectors = new VectorizeDouble();
        for (const call of ['upsert', 'deleteByIds', 'getByIds'] as const) vectors.fails.add(call);
        return { vectors };
      },
      later: (_shard, work) => work.tend(),
    },
  ],
];

describe.each(ENGINES)('over %s', (_name, { life, later }) => {
  interface Steps {
    work: GalleryShardWork;
    shard: ShardOnDisk;
    pause: () => Promise<void>;
    search: (probe: Float32Array, mode?: SearchMode, leastCosine?: number, count?: number) => Promise<string[]>;
    again: () => GalleryShardWork;
  }
  const steps = (test: (steps: Steps) => Promise<void>) =>
    inShard(async (shard) => {
      const alive = life();
      const work = shard.live(alive);
      await test({
        work,
        shard,
        pause: async () => await later?.(shard, work, alive),
        search: async (probe, mode = 'ACCURATE', leastCosine = 0.3, count = 10) =>
          (await work.search({ probe, mode, leastCosine, count })).map(({ personId }) => personId),
        again: () => shard.live(alive),
      });
    });

  it('a person is found from their enrolment on, first of all, in both modes, with the exact cosine', () =>
    steps(async ({ work, pause, search }) => {
      const { look, like, face, person } = people(1);
      const probe = look();
      const [near, far] = [person([face(like(probe, 0.7))]), person([face(like(probe, 0.5))])];
      for (const one of [far, person(), near, person()]) {
        await work.enrol(one);
        await pause();
      }
      for (const mode of ['FAST', 'ACCURATE'] as const) {
        expect(await search(probe, mode)).toEqual([near.personId, far.personId]);
        expect(await search(probe, mode, 0.3, 1)).toEqual([near.personId]);
        expect(await search(probe, mode, 0.6)).toEqual([near.personId]);
        expect(await search(look(), mode)).toEqual([]);
        const [best] = await work.search({ probe, mode, leastCosine: 0.3, count: 1 });
        expect(best?.cosine).toBeCloseTo(0.7, 6);
        expect(best?.cosine).toBe(await work.compare(near.personId, probe));
      }
    }));

  it('who changes is found as they are', () =>
    steps(async ({ work, pause, search }) => {
      const { face, person } = people(2);
      const [first, second, third] = [face(), face(), face()];
      const ada = person([first]);
      await work.enrol(ada);
      await pause();
      await work.addFaces(ada.personId, [second]);
      await pause();
      expect(await search(second.embedding)).toEqual([ada.personId]);
      await work.removeFace(ada.personId, first.id);
      await pause();
      expect(await search(first.embedding)).toEqual([]);
      expect(await search(second.embedding, 'FAST', 0.99)).toEqual([ada.personId]);
      await work.enrol({ ...ada, faces: [third] });
      await pause();
      expect(await search(second.embedding)).toEqual([]);
      expect(await search(third.embedding, 'FAST', 0.99)).toEqual([ada.personId]);
    }));

  it('who is removed is found no more, at once', () =>
    steps(async ({ work, pause, search }) => {
      const { look, person } = people(3);
      const [ada, bob] = [person(), person()];
      const probe = ada.faces[0]?.embedding ?? look();
      await work.enrol(ada);
      await work.enrol(bob);
      await pause();
      await work.removePerson(ada.personId);
      expect(await search(probe)).toEqual([]);
      await pause();
      expect(await search(probe)).toEqual([]);
      expect(await search(bob.faces[0]?.embedding ?? look())).toEqual([bob.personId]);
    }));

  it('of many alike who come at once one is enrolled', () =>
    steps(async ({ work, pause, shard }) => {
      const { look, like, face, person } = people(4);
      const centre = look();
      const twins = Array.from({ length: 10 }, () => person([face(like(centre, 0.9))], 0.5));
      const answers = await Promise.all(twins.map((twin) => work.enrol(twin)));
      expect(answers.filter(({ ok }) => ok)).toHaveLength(1);
      await pause();
      expect(await work.enrol(person([face(like(centre, 0.9))], 0.5))).toMatchObject({ reason: 'similar' });
      expect(shard.rows('persons')).toHaveLength(1);
    }));

  it('another life of the object finds the same', () =>
    steps(async ({ work, pause, again }) => {
      const { look, like, person } = people(5);
      const all = Array.from({ length: 30 }, () => person());
      await Promise.all(all.map((one) => work.enrol(one)));
      await pause();
      await work.removePerson(all[3]?.personId ?? '');
      for (const { faces } of all.slice(0, 6)) {
        const asked = {
          probe: like(faces[0]?.embedding ?? look(), 0.6),
          mode: 'ACCURATE',
          leastCosine: 0.3,
          count: 5,
        } as const;
        expect(await again().search(asked)).toEqual(await work.search(asked));
      }
    }));

  it('of equal ones the first comes first', () =>
    steps(async ({ work, pause, search }) => {
      const { look, like, face, person } = people(6);
      const centre = look();
      const twins = Array.from({ length: 5 }, () => person([face(centre)]));
      for (const twin of twins) await work.enrol(twin);
      await pause();
      expect(await search(like(centre, 0.6))).toEqual(twins.map(({ personId }) => personId));
    }));

  it('nonsense is refused', () =>
    steps(async ({ work, pause, search }) => {
      const { person } = people(7);
      await work.enrol(person());
      await pause();
      await expect(search(new Float32Array(512))).rejects.toThrow(/length of 1/);
      await expect(search(new Float32Array(512).fill(Number.NaN))).rejects.toThrow(/length of 1/);
    }));
});
