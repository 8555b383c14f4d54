import { describe, expect, it } from 'vitest';
import { MatrixBudget } from './engine/matrix-budget.ts';
import type { GalleryShardWork } from './gallery-shard-work.ts';
import { aMatrix, failingStorage, inShard } from './testing/in-shard.ts';
import { people } from './testing/shard-requests.ts';

const { look, like, face, person } = people(1);
const [ada, bob, eve] = [person([face(), face()]), person(), person([face(), face()])];
const probes = [ada, bob, eve].flatMap(({ faces }) => faces.map(({ embedding }) => embedding));
const all = (work: GalleryShardWork) =>
  Promise.all(probes.map((probe) => work.search({ probe, mode: 'ACCURATE', count: 10, leastCosine: -1 })));

const CHANGES: [string, (work: GalleryShardWork) => Promise<unknown>][] = [
  ['enrols somebody', (work) => work.enrol(eve)],
  ['enrols somebody again', (work) => work.enrol({ ...ada, faces: [face()] })],
  ['enrols somebody unless they are there', (work) => work.enrol({ ...eve, refuseFromCosine: 0.9 })],
  ['adds faces', (work) => work.addFaces(bob.personId, [face(), face()])],
  ['removes a face', (work) => work.removeFace(ada.personId, ada.faces[0]?.id ?? '')],
  ['removes somebody', (work) => work.removePerson(ada.personId)],
];

describe('a change', () => {
  it.each(CHANGES)('that %s is stored whole or not at all, whichever statement fails', (_name, change) =>
    inShard(async ({ storage, live, rows, onDisk, log }) => {
      const { failing, state } = failingStorage(storage);
      const matrix = aMatrix();
      const work = live({ storage: failing, matrix });
      await work.enrol(ada);
      await work.enrol(bob);
      const before = { disk: onDisk(), found: await all(work) };
      let failures = 0;
      for (let at = 0; ; at++) {
        Object.assign(state, { failAt: at, statements: [] });
        const failed = await change(work).then(
          () => false,
          () => true,
        );
        state.failAt = null;
        if (!failed) break;
        failures++;
        expect(onDisk()).toBe(before.disk);
        expect(await all(work)).toEqual(before.found);
      }
      expect(failures).toBeGreaterThan(2);
      expect(onDisk()).not.toBe(before.disk);
      // This life, whose matrix followed step by step, and the next, which fills its own.
      expect(await all(work)).toEqual(await all(live()));
      expect([matrix.size, log]).toEqual([rows('persons').length, []]);
    }),
  );

  it('to a shard that was never used leaves nothing when it fails', () =>
    inShard(async ({ storage, live }) => {
      const { failing, state } = failingStorage(storage);
      const work = live({ storage: failing });
      const tables = () => storage.sql.exec("SELECT name FROM sqlite_master WHERE name = 'persons'").toArray();
      for (let at = 0; at < 20; at++) {
        Object.assign(state, { failAt: at, statements: [] });
        const enrolled = await work.enrol(ada).catch(() => null);
        state.failAt = null;
        if (enrolled) break;
        expect(tables()).toEqual([]);
      }
      expect(tables()).toHaveLength(1);
      expect(await all(work)).toEqual(await all(live()));
    }));

  it('that the matrix cannot follow is found all the same', () =>
    inShard(async ({ live, log }) => {
      const matrix = aMatrix();
      const work = live({ matrix });
      await work.enrol(ada);
      await all(work);
      const put = matrix.put.bind(matrix);
      let fails = true;
      matrix.put = (key, vector) => {
        if (fails) throw new RangeError('WebAssembly.Memory.grow(): Maximum memory size exceeded');
        put(key, vector);
      };
      expect(await work.enrol(bob)).toMatchObject({ ok: true });
      expect(log).toHaveLength(1);
      await expect(all(work)).rejects.toThrow('Maximum memory');
      fails = false;
      expect(await all(work)).toEqual(await all(live()));
    }));
});

describe('the matrix', () => {
  it('is filled once for all who ask at once, and follows from then on', () =>
    inShard(async ({ storage, live }) => {
      const { failing, state } = failingStorage(storage);
      await live().enrol(ada);
      const work = live({ storage: failing });
      await Promise.all([all(work), all(work)]);
      await work.enrol(bob);
      await all(work);
      const fillings = state.statements.filter((query) => query.endsWith('FROM persons'));
      expect(fillings).toHaveLength(1);
    }));

  it.each([0, 1, 2, 3])('that could not be filled, for statement %d failed, is filled by the next who asks', (failAt) =>
    inShard(async ({ storage, live }) => {
      const { failing, state } = failingStorage(storage);
      await live().enrol(ada);
      const work = live({ storage: failing });
      state.failAt = failAt;
      const asked = { probe: look(), mode: 'FAST', count: 1, leastCosine: -1 } as const;
      await expect(work.search(asked)).rejects.toThrow('SQLITE_IOERR');
      state.failAt = null;
      expect(await all(work)).toEqual(await all(live()));
    }),
  );

  it('that could not be filled, for one template does not open, is in nobody’s way', () =>
    inShard(async ({ storage, live }) => {
      const work = live();
      for (const one of [ada, bob]) await work.enrol(one);
      const template = storage.sql.exec('SELECT template FROM persons WHERE no = 2').one().template;
      storage.sql.exec("UPDATE persons SET template = x'00' WHERE no = 2");
      await expect(all(work)).rejects.toThrow(/cut short/);
      expect(await work.enrol(eve)).toMatchObject({ ok: true });
      await work.removePerson(ada.personId);
      await expect(all(work)).rejects.toThrow(/cut short/);
      storage.sql.exec('UPDATE persons SET template = ? WHERE no = 2', template);
      expect((await all(work))[0]).toHaveLength(2);
      expect(await all(work)).toEqual(await all(live()));
    }));

  it('of a shard that was asked long ago makes room for others, and nothing is missed', () =>
    inShard(async ({ live, storage, log }) => {
      const { failing, state } = failingStorage(storage);
      // Room for one that has a chunk of rows.
      const budget = new MatrixBudget(1_000_000);
      const [first, second] = [live({ budget, storage: failing }), live({ budget })];
      for (const one of [ada, bob]) await first.enrol(one);
      const expected = await all(first);
      expect(await all(second)).toEqual(expected);
      await first.enrol(eve);
      expect(await all(first)).toEqual(await all(live()));
      expect(state.statements.filter((query) => query.endsWith('FROM persons'))).toHaveLength(2);
      expect(log).toHaveLength(2);
      expect(log[0]).toContain('made room');
    }));

  it('holds nobody’s face after an erasure', () =>
    inShard(async ({ live }) => {
      const matrix = aMatrix();
      const work = live({ matrix });
      await work.enrol(ada);
      await all(work);
      expect(matrix.size).toBe(1);
      await work.erase();
      expect(matrix.size).toBe(0);
    }));

  it('that knows somebody whom the disk does not is filled anew', () =>
    inShard(async ({ storage, live, log }) => {
      const work = live();
      for (const one of [ada, bob, eve]) await work.enrol(one);
      await all(work);
      storage.sql.exec('DELETE FROM persons WHERE id = ?', bob.personId);
      const found = await all(work);
      expect(found.every((matches) => matches.length === 2)).toBe(true);
      expect(found).toEqual(await all(live()));
      expect(log).toHaveLength(1);
    }));
});

describe('a full shard', () => {
  it('takes nobody else, but changes and replaces who is there', () =>
    inShard(async ({ live, rows }) => {
      const work = live({ capacityPersons: 2 });
      await work.enrol(ada);
      await work.enrol(bob);
      expect(await work.enrol(eve)).toEqual({ ok: false, reason: 'full' });
      expect(await work.enrol(bob)).toMatchObject({ ok: true });
      expect(await work.addFaces(bob.personId, [face()])).toMatchObject({ ok: true });
      expect(rows('persons')).toHaveLength(2);
      // Who is there already is told before, or they would be enrolled again in the next shard.
      const twin = person([face(like(bob.faces[0]?.embedding ?? look(), 0.9))], 0.3);
      expect(await work.enrol(twin)).toMatchObject({ reason: 'similar', personId: bob.personId });
      await work.removePerson(ada.personId);
      await work.removePerson(ada.personId);
      expect(await work.enrol(eve)).toMatchObject({ ok: true });
      expect(await live({ capacityPersons: 2 }).enrol(ada)).toEqual({ ok: false, reason: 'full' });
    }));

  it('takes no more than it may when many come at once', () =>
    inShard(async ({ live, rows }) => {
      const work = live({ capacityPersons: 3 });
      const answers = await Promise.all(Array.from({ length: 8 }, () => work.enrol(person())));
      expect(answers.filter(({ ok }) => ok)).toHaveLength(3);
      expect(rows('persons')).toHaveLength(3);
    }));
});
