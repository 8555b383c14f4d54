import { describe, expect, it } from 'vitest';
import { inShard, type ShardOnDisk } from '../testing/in-shard.ts';
import { people } from '../testing/shard-requests.ts';
import { VectorizeDouble } from '../testing/vectorize-double.ts';

const { look, like, face, person } = people(1);
const enrolled = (count: number) => Array.from({ length: count }, () => person());
const pendingOf = ({ rows }: ShardOnDisk) => rows('vector_changes').length;
const search = { mode: 'ACCURATE', count: 10, leastCosine: 0.3 } as const;

/** The bell, and what Vectorize does of itself, until all is quiet. */
async function untilQuiet(shard: ShardOnDisk, vectors: VectorizeDouble, work = shard.live({ vectors })): Promise<void> {
  for (let bell = 0; bell < 20 && (await shard.storage.getAlarm()) !== null; bell++) {
    await shard.storage.deleteAlarm();
    vectors.settle();
    shard.clock.nowMs += 10_000;
    await work.tend();
  }
  vectors.settle();
}

describe('Vectorize', () => {
  it('comes to hold a vector for each person, and then nothing is pending and no bell set', () =>
    inShard(async (shard) => {
      const vectors = new VectorizeDouble();
      const work = shard.live({ vectors });
      const all = enrolled(30);
      for (const one of all) await work.enrol(one);
      expect(pendingOf(shard)).toBe(30);
      await untilQuiet(shard, vectors);
      expect([vectors.shown.length, pendingOf(shard), await shard.storage.getAlarm()]).toEqual([30, 0, null]);
      await work.removePerson(all[0]?.personId ?? '');
      await untilQuiet(shard, vectors);
      expect([vectors.shown.length, pendingOf(shard)]).toEqual([29, 0]);
      expect(vectors.shown.every((id) => new TextEncoder().encode(id).length <= 64)).toBe(true);
    }));

  it('that was away gets everything once it is back, however many, by its limits', () =>
    inShard(async (shard) => {
      const vectors = new VectorizeDouble();
      const work = shard.live({ vectors, capacityPersons: 2000 });
      vectors.fails.add('upsert');
      const all = enrolled(1100);
      for (const one of all) await work.enrol(one);
      expect(shard.log.length).toBe(1100);
      expect(await shard.storage.getAlarm()).not.toBeNull();
      vectors.fails.clear();
      await untilQuiet(shard, vectors);
      expect([vectors.shown.length, pendingOf(shard)]).toEqual([1100, 0]);
      for (const { personId } of all.slice(0, 250)) await work.removePerson(personId);
      await untilQuiet(shard, vectors);
      expect([vectors.shown.length, pendingOf(shard)]).toEqual([850, 0]);
    }));

  it('that lost what it accepted is sent it again', () =>
    inShard(async (shard) => {
      const vectors = new VectorizeDouble();
      await shard.live({ vectors }).enrol(person());
      vectors.lose();
      await untilQuiet(shard, vectors);
      expect([vectors.shown.length, pendingOf(shard)]).toEqual([1, 0]);
    }));

  it('that still shows somebody as they were does not hide how they are', () =>
    inShard(async (shard) => {
      const vectors = new VectorizeDouble();
      const work = shard.live({ vectors });
      const ada = person();
      await work.enrol(ada);
      await untilQuiet(shard, vectors);
      const next = face();
      await work.enrol({ ...ada, faces: [next] });
      await work.tend();
      expect(pendingOf(shard)).toBe(1);
      expect(await work.search({ ...search, probe: next.embedding })).toMatchObject([{ personId: ada.personId }]);
      expect(await work.search({ ...search, probe: ada.faces[0]?.embedding ?? look() })).toEqual([]);
      await untilQuiet(shard, vectors);
      expect(pendingOf(shard)).toBe(0);
      expect(await work.search({ ...search, probe: next.embedding })).toMatchObject([{ personId: ada.personId }]);
    }));

  it('that cannot be asked fails the search, and the enrolment that depends on it', () =>
    inShard(async (shard) => {
      const vectors = new VectorizeDouble();
      const work = shard.live({ vectors });
      await work.enrol(person());
      vectors.fails.add('query');
      await expect(work.search({ ...search, probe: look() })).rejects.toThrow('away');
      await expect(work.enrol(person([face()], 0.5))).rejects.toThrow('away');
      expect(shard.rows('persons')).toHaveLength(1);
    }));

  it('names somebody of another shard, or nobody: neither is believed', () =>
    inShard(async (shard) => {
      const vectors = new VectorizeDouble();
      const work = shard.live({ vectors });
      const ada = person();
      const probe = ada.faces[0]?.embedding ?? look();
      await work.enrol(ada);
      await untilQuiet(shard, vectors);
      const [id = ''] = vectors.shown;
      const namespace = id.split('.')[0] ?? '';
      await vectors.upsert([
        { id: `${namespace}.77`, namespace, values: probe },
        { id: 'another.1', namespace, values: probe },
        { id: `${namespace}.1e0`, namespace, values: probe },
      ]);
      vectors.settle();
      expect(await work.search({ ...search, probe })).toMatchObject([{ personId: ada.personId }]);
      // Nor do they take the places of those who are meant.
      const asked = like(probe, 0.5);
      const crowd = Array.from({ length: 100 }, (_, i) => ({ id: `crowd.${i}`, namespace: 'crowd', values: asked }));
      await vectors.upsert(crowd);
      vectors.settle();
      expect(await work.search({ ...search, probe: asked })).toMatchObject([{ personId: ada.personId }]);
      expect(
        await shard
          .live({ vectors, collectionId: 'guests' })
          .search({ ...search, probe })
          .catch(() => 'failed'),
      ).toBe('failed');
    }));

  it('is emptied before the truth is, and if it is away nothing is erased', () =>
    inShard(async (shard) => {
      const vectors = new VectorizeDouble();
      const work = shard.live({ vectors });
      const all = enrolled(150);
      for (const one of all) await work.enrol(one);
      await untilQuiet(shard, vectors);
      vectors.fails.add('deleteByIds');
      await work.removePerson(all[0]?.personId ?? '');
      await expect(work.erase()).rejects.toThrow('away');
      expect(shard.rows('persons')).toHaveLength(149);
      vectors.fails.clear();
      await work.erase();
      vectors.settle();
      expect(vectors.shown).toEqual([]);
      expect(await shard.storage.getAlarm()).toBeNull();
      expect(await work.search({ ...search, probe: look() })).toEqual([]);
      await work.erase();
    }));

  it('erased while a change is on its way keeps nothing of it', () =>
    inShard(async (shard) => {
      let open = () => {};
      const opened = new Promise<void>((resolve) => {
        open = resolve;
      });
      class SlowVectors extends VectorizeDouble {
        override async upsert(vectors: VectorizeVector[]): Promise<VectorizeAsyncMutation> {
          await opened;
          return await super.upsert(vectors);
        }
      }
      const vectors = new SlowVectors();
      const work = shard.live({ vectors });
      const both = Promise.all([work.enrol(person()), work.erase()]);
      setTimeout(open, 50);
      await both;
      vectors.settle();
      expect(vectors.calls).toEqual(['upsert', 'deleteByIds']);
      expect(vectors.shown).toEqual([]);
    }));
});

describe('another engine', () => {
  it('that a shard goes to knows everybody at once, there and back', () =>
    inShard(async (shard) => {
      const vectors = new VectorizeDouble();
      const [ada, bob, eve] = [person(), person(), person()];
      const found = async (live = shard.live()) => {
        const probes = [ada, bob, eve].map(({ faces }) => like(faces[0]?.embedding ?? look(), 0.6));
        const all = await Promise.all(probes.map((probe) => live.search({ ...search, probe })));
        return all.map((matches) => matches.map(({ personId }) => personId));
      };
      await shard.live().enrol(ada);
      await shard.live().enrol(bob);
      await shard.live({ vectors }).enrol(eve);
      expect(pendingOf(shard)).toBe(3);
      expect(await found(shard.live({ vectors }))).toEqual([[ada.personId], [bob.personId], [eve.personId]]);
      await untilQuiet(shard, vectors);
      expect([vectors.shown.length, pendingOf(shard)]).toEqual([3, 0]);
      expect(await found(shard.live({ vectors }))).toEqual([[ada.personId], [bob.personId], [eve.personId]]);
      // Back, and changed meanwhile, which Vectorize does not hear of.
      await shard.live().enrol({ ...bob, faces: eve.faces });
      expect(await found()).toEqual([[ada.personId], [], expect.arrayContaining([bob.personId, eve.personId])]);
      expect(await found(shard.live({ vectors }))).toEqual([
        [ada.personId],
        [],
        expect.arrayContaining([bob.personId, eve.personId]),
      ]);
      expect(pendingOf(shard)).toBe(3);
    }));
});
