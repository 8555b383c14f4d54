import { evictDurableObject, runInDurableObject } from 'cloudflare:test';
import { describe, expect, it } from 'vitest';
import { meanDirection } from '#shared/lib/embedding.ts';
import { MOST_FACES } from '#shared/rpc/galleries.ts';
import { aShard, NOTHING_ON_DISK, onDisk, rowsOf } from './testing/a-shard.ts';
import { people, placeOf } from './testing/shard-requests.ts';
import { dot } from './testing/vectors.ts';

const FAILED = { ok: false, reason: 'failed' };
const NOBODY = { ok: true, matches: [] };

describe('a person who is enrolled', () => {
  it('is found by their face, in both modes, and compared with it', async () => {
    const [shard, { like, person }] = [aShard(), people(1)];
    const [ada, bob] = [person(), person()];
    const [face] = ada.faces;
    if (!face) throw new Error('a person has a face');
    expect(await shard.enrol(ada)).toEqual({ ok: true, faceIds: [face.id] });
    expect(await shard.enrol(bob)).toMatchObject({ ok: true });
    const probe = like(face.embedding, 0.6);
    for (const mode of ['FAST', 'ACCURATE'] as const) {
      const found = await shard.search(probe, { mode });
      expect(found).toMatchObject({ ok: true, matches: [{ personId: ada.personId }] });
      expect(found.ok && found.matches[0]?.cosine).toBeCloseTo(0.6, 5);
    }
    const compared = await shard.compare(ada.personId, probe);
    expect(compared.ok && compared.cosine).toBeCloseTo(0.6, 5);
    expect(await shard.compare('nobody', probe)).toEqual({ ok: true, cosine: null });
  });

  it('is the middle of their faces', async () => {
    const [shard, { look, like, face, person }] = [aShard(), people(2)];
    const centre = look();
    const faces = [face(like(centre, 0.8)), face(like(centre, 0.8)), face(like(centre, 0.8))];
    await shard.enrol(person(faces));
    const expected = dot(meanDirection(faces.map(({ embedding }) => embedding)), centre);
    const found = await shard.search(centre);
    expect(found.ok && found.matches[0]?.cosine).toBeCloseTo(expected, 6);
    expect(expected).toBeGreaterThan(0.88);
  });

  it('again is stored anew, and a repetition changes nothing', async () => {
    const [shard, { face, person }] = [aShard(), people(3)];
    const [before, after] = [face(), face()];
    const ada = person([before]);
    await shard.enrol(ada);
    const again = { ...ada, faces: [after] };
    expect(await shard.enrol(again)).toEqual({ ok: true, faceIds: [after.id] });
    expect(await shard.enrol(again)).toEqual({ ok: true, faceIds: [after.id] });
    expect(await rowsOf(shard)).toEqual({ persons: 1, faces: 1 });
    expect(await shard.search(before.embedding)).toEqual(NOBODY);
    expect(await shard.search(after.embedding)).toMatchObject({ matches: [{ personId: ada.personId }] });
  });

  it('has each face once: the same picture, or all but the same look', async () => {
    const [shard, { look, like, face, person }] = [aShard(), people(4)];
    const first = face(look(), { pictureHash: 'one' });
    const faces = [first, face(look(), { pictureHash: 'one' }), face(like(first.embedding, 0.999)), face()];
    const kept = [faces[0]?.id, faces[3]?.id];
    expect(await shard.enrol(person(faces))).toEqual({ ok: true, faceIds: kept });
    expect(await rowsOf(shard)).toEqual({ persons: 1, faces: 2 });
  });

  it.each([0, MOST_FACES + 1])('with %d faces is refused', async (count) => {
    const [shard, { face, person }] = [aShard(), people(5)];
    expect(await shard.enrol(person(Array.from({ length: count }, () => face())))).toEqual(FAILED);
    expect(await onDisk(shard)).toEqual(NOTHING_ON_DISK);
  });

  it.each<[string, (vector: Float32Array<ArrayBuffer>) => Float32Array]>([
    ['all zero', (vector) => vector.fill(0)],
    ['not finite', (vector) => vector.fill(Number.NaN, 7, 8)],
    ['too short', (vector) => vector.slice(1)],
  ])('with an embedding that is %s is refused, and so is such a probe', async (_name, spoil) => {
    const [shard, { look, face, person }] = [aShard(), people(6)];
    const somebody = person();
    await shard.enrol(somebody);
    const spoilt = spoil(look());
    expect(await shard.enrol(person([face(), face(spoilt)]))).toEqual(FAILED);
    expect(await shard.addFaces(somebody.personId, [face(spoilt)])).toEqual(FAILED);
    expect(await shard.search(spoilt)).toEqual(FAILED);
    expect(await shard.compare(somebody.personId, spoilt)).toEqual(FAILED);
    expect(await rowsOf(shard)).toEqual({ persons: 1, faces: 1 });
  });
});

describe('somebody like who is there already', () => {
  it('is refused from the cosine on that is told, and nothing of them is kept', async () => {
    const [shard, { like, face, person }] = [aShard(), people(7)];
    const ada = person();
    await shard.enrol(ada);
    const embedding = like(ada.faces[0]?.embedding ?? new Float32Array(), 0.6);
    const refused = await shard.enrol(person([face(embedding)], 0.59));
    expect(refused).toMatchObject({ ok: false, reason: 'similar', personId: ada.personId });
    expect(refused.ok === false && refused.reason === 'similar' && refused.cosine).toBeCloseTo(0.6, 5);
    expect(await rowsOf(shard)).toEqual({ persons: 1, faces: 1 });
    expect(await shard.enrol(person([face(embedding)], 0.61))).toMatchObject({ ok: true });
  });

  it('is not themselves, when they are enrolled again', async () => {
    const [shard, { like, face, person }] = [aShard(), people(8)];
    const ada = person([face()], 0.5);
    await shard.enrol(ada);
    expect(await shard.enrol(ada)).toMatchObject({ ok: true });
    const other = person([face(like(ada.faces[0]?.embedding ?? new Float32Array(), 0.9))], 0.5);
    expect(await shard.enrol(other)).toMatchObject({ reason: 'similar', personId: ada.personId });
    // Somebody else may be as like, and they are not overlooked for being second.
    await shard.enrol({ ...other, refuseFromCosine: null });
    expect(await shard.enrol(ada)).toMatchObject({ reason: 'similar', personId: other.personId });
  });

  it('is decided in one step: of many alike who come at once, to an empty shard, one is enrolled', async () => {
    const [shard, { look, like, face, person }] = [aShard(), people(9)];
    const centre = look();
    const twins = Array.from({ length: 12 }, () => person([face(like(centre, 0.9))], 0.5));
    const answers = await Promise.all(twins.map((twin) => shard.enrol(twin)));
    expect(answers.filter(({ ok }) => ok)).toHaveLength(1);
    const winner = twins[answers.findIndex(({ ok }) => ok)];
    for (const answer of answers.filter(({ ok }) => !ok)) {
      expect(answer).toMatchObject({ reason: 'similar', personId: winner?.personId });
    }
    expect(await rowsOf(shard)).toEqual({ persons: 1, faces: 1 });
  });
});

describe('faces', () => {
  it('are added to who is there, each once, and change what they look like', async () => {
    const [shard, { face, person }] = [aShard(), people(10)];
    const ada = person();
    const [first] = ada.faces;
    await shard.enrol(ada);
    await shard.search(ada.faces[0]?.embedding ?? new Float32Array());
    const [second, same] = [face(), face(undefined, { pictureHash: first?.pictureHash ?? '' })];
    const added = await shard.addFaces(ada.personId, [second, same]);
    expect(added).toEqual({ ok: true, faceIds: [first?.id, second.id], added: [second.id] });
    // Its answer was lost, and it is asked again.
    expect(await shard.addFaces(ada.personId, [second, same])).toEqual(added);
    expect(await rowsOf(shard)).toEqual({ persons: 1, faces: 2 });
    const found = await shard.search(second.embedding);
    expect(found.ok && found.matches[0]?.cosine).toBeCloseTo(Math.SQRT1_2, 1);
  });

  it('are not added to who is not there, nor past the most', async () => {
    const [shard, { face, person }] = [aShard(), people(11)];
    expect(await shard.addFaces('nobody', [face()])).toEqual({ ok: false, reason: 'no_such_person' });
    expect(await onDisk(shard)).toEqual(NOTHING_ON_DISK);
    const ada = person(Array.from({ length: MOST_FACES - 1 }, () => face()));
    await shard.enrol(ada);
    const two = [face(), face()];
    expect(await shard.addFaces(ada.personId, two)).toEqual({ ok: false, reason: 'too_many_faces' });
    expect(await rowsOf(shard)).toEqual({ persons: 1, faces: MOST_FACES - 1 });
    expect(await shard.addFaces(ada.personId, two.slice(1))).toMatchObject({ ok: true, added: [two[1]?.id] });
  });

  it('are removed but for the last', async () => {
    const [shard, { face, person }] = [aShard(), people(12)];
    const [left, right] = [face(), face()];
    const ada = person([left, right]);
    await shard.enrol(ada);
    await shard.search(left.embedding);
    expect(await shard.removeFace(ada.personId, 'none')).toEqual({ ok: false, reason: 'no_such_face' });
    expect(await shard.removeFace('nobody', left.id)).toEqual({ ok: false, reason: 'no_such_face' });
    expect(await shard.removeFace(ada.personId, left.id)).toEqual({ ok: true, faceIds: [right.id] });
    expect(await shard.removeFace(ada.personId, left.id)).toEqual({ ok: false, reason: 'no_such_face' });
    expect(await shard.removeFace(ada.personId, right.id)).toEqual({ ok: false, reason: 'last_face' });
    expect(await shard.search(left.embedding)).toEqual(NOBODY);
    const found = await shard.search(right.embedding);
    expect(found.ok && found.matches[0]?.cosine).toBeCloseTo(1, 6);
  });

  it('removed twice at once leave one', async () => {
    const [shard, { face, person }] = [aShard(), people(13)];
    const [left, right] = [face(), face()];
    const ada = person([left, right]);
    await shard.enrol(ada);
    const removed = await Promise.all([left, right].map(({ id }) => shard.removeFace(ada.personId, id)));
    expect(removed.map(({ ok }) => ok)).toEqual([true, false]);
    expect(removed[1]).toEqual({ ok: false, reason: 'last_face' });
    expect(await rowsOf(shard)).toEqual({ persons: 1, faces: 1 });
  });

  it('added twice at once are there once', async () => {
    const [shard, { face, person }] = [aShard(), people(14)];
    const ada = person();
    await shard.enrol(ada);
    const faces = [face(), face()];
    const answers = await Promise.all([0, 1, 2].map(() => shard.addFaces(ada.personId, faces)));
    for (const answer of answers) expect(answer).toEqual(answers[0]);
    expect(await rowsOf(shard)).toEqual({ persons: 1, faces: 3 });
  });

  it('are read as they were kept, the oldest first, and only of who is there', async () => {
    const [shard, { face, person }] = [aShard(), people(15)];
    const faces = [
      face(undefined, { createdAtMs: 3 }),
      face(undefined, { createdAtMs: 1 }),
      face(undefined, { createdAtMs: 2 }),
    ];
    const [ada, bob] = [person(faces), person()];
    await shard.enrol(ada);
    await shard.enrol(bob);
    const kept = (place: number) => {
      const { id, thumbnail, createdAtMs } = faces[place] ?? face();
      return { id, thumbnail, createdAtMs };
    };
    const read = await shard.readFaces([ada.personId, 'nobody'], 2);
    expect(read).toEqual({ ok: true, persons: [{ personId: ada.personId, faces: [kept(1), kept(2)] }] });
    expect(await aShard().readFaces([ada.personId])).toEqual({ ok: true, persons: [] });
  });
});

describe('what is removed', () => {
  it('is gone from rows, search and pictures: a person', async () => {
    const [shard, { face, person }] = [aShard(), people(16)];
    const [ada, bob] = [person([face(), face()]), person()];
    await shard.enrol(ada);
    await shard.enrol(bob);
    const [probe] = ada.faces.map(({ embedding }) => embedding);
    expect(await shard.search(probe ?? new Float32Array())).toMatchObject({ matches: [{ personId: ada.personId }] });
    expect(await shard.removePerson(ada.personId)).toEqual({ ok: true });
    expect(await shard.removePerson(ada.personId)).toEqual({ ok: true });
    expect(await rowsOf(shard)).toEqual({ persons: 1, faces: 1 });
    expect(await shard.search(probe ?? new Float32Array())).toEqual(NOBODY);
    expect(await shard.readFaces([ada.personId])).toEqual({ ok: true, persons: [] });
    expect(await shard.compare(ada.personId, probe ?? new Float32Array())).toEqual({ ok: true, cosine: null });
    expect(await shard.addFaces(ada.personId, [face()])).toEqual({ ok: false, reason: 'no_such_person' });
    const named = await runInDurableObject(shard.stub, (_object, { storage }) =>
      ['persons', 'faces', 'facts'].flatMap((table) => [...storage.sql.exec(`SELECT * FROM ${table}`).raw()].flat()),
    );
    expect(named).toContain(bob.personId);
    expect(named).not.toContain(ada.personId);
  });

  it('is gone to the last table, with its alarm: a shard, which then is like new', async () => {
    const [shard, { person }] = [aShard(), people(17)];
    const ada = person();
    await shard.enrol(ada);
    const probe = ada.faces[0]?.embedding ?? new Float32Array();
    await shard.search(probe);
    await runInDurableObject(shard.stub, (_object, { storage }) => storage.setAlarm(Date.now() + 3_600_000));
    expect((await onDisk(shard)).tables).not.toEqual([]);
    expect(await shard.erase()).toEqual({ ok: true });
    expect(await onDisk(shard)).toEqual(NOTHING_ON_DISK);
    expect(await shard.search(probe)).toEqual(NOBODY);
    expect(await shard.erase()).toEqual({ ok: true });
    expect(await onDisk(shard)).toEqual(NOTHING_ON_DISK);
    expect(await shard.enrol(ada)).toMatchObject({ ok: true });
    expect(await shard.search(probe)).toMatchObject({ matches: [{ personId: ada.personId }] });
  });

  it('stays gone when it is searched, enrolled and erased at once', async () => {
    const [shard, { person }] = [aShard(), people(18)];
    const all = Array.from({ length: 10 }, () => person());
    for (const one of all) await shard.enrol(one);
    const probe = all[0]?.faces[0]?.embedding ?? new Float32Array();
    const answers = await Promise.all([
      shard.search(probe),
      shard.erase(),
      shard.search(probe),
      shard.erase(),
      shard.search(probe),
    ]);
    expect(answers.every(({ ok }) => ok)).toBe(true);
    expect(answers[4]).toEqual(NOBODY);
    expect(await onDisk(shard)).toEqual(NOTHING_ON_DISK);
    const next = person();
    await shard.enrol(next);
    expect(await shard.search(probe, { leastCosine: -1 })).toMatchObject({ matches: [{ personId: next.personId }] });
  });
});

describe('a shard', () => {
  it('writes nothing for who only asks', async () => {
    const [shard, { look }] = [aShard(), people(19)];
    expect(await shard.search(look())).toEqual(NOBODY);
    expect(await shard.compare('nobody', look())).toEqual({ ok: true, cosine: null });
    expect(await shard.readFaces(['nobody'])).toEqual({ ok: true, persons: [] });
    expect(await shard.removePerson('nobody')).toEqual({ ok: true });
    expect(await shard.removeFace('nobody', 'none')).toEqual({ ok: false, reason: 'no_such_face' });
    expect(await onDisk(shard)).toEqual(NOTHING_ON_DISK);
  });

  it('goes on after an eviction between any two calls', async () => {
    const [shard, { look, like, face, person }] = [aShard(), people(20)];
    const [ada, bob] = [person([face(), face()]), person()];
    const probe = like(bob.faces[0]?.embedding ?? look(), 0.7);
    const evicted = async <Answer>(call: () => Promise<Answer>) => {
      await evictDurableObject(shard.stub);
      return await call();
    };
    expect(await shard.enrol(ada)).toMatchObject({ ok: true });
    expect(await evicted(() => shard.enrol(bob))).toMatchObject({ ok: true });
    expect(await evicted(() => shard.search(probe))).toMatchObject({ matches: [{ personId: bob.personId }] });
    expect(await evicted(() => shard.enrol(person([face(probe)], 0.6)))).toMatchObject({ personId: bob.personId });
    expect(await evicted(() => shard.removeFace(ada.personId, ada.faces[0]?.id ?? ''))).toMatchObject({ ok: true });
    expect(await evicted(() => shard.addFaces(bob.personId, [face(probe)]))).toMatchObject({ ok: true });
    const found = await evicted(() => shard.search(probe));
    expect(found.ok && found.matches[0]?.cosine).toBeGreaterThan(0.9);
    expect(await evicted(() => shard.removePerson(bob.personId))).toEqual({ ok: true });
    expect(await evicted(() => shard.search(probe))).toEqual(NOBODY);
    expect(await evicted(() => shard.readFaces([ada.personId]))).toMatchObject({
      persons: [{ faces: [{ id: ada.faces[1]?.id }] }],
    });
  });

  it('knows nobody of another shard, collection or organisation', async () => {
    const { person } = people(21);
    const place = placeOf();
    const shard = aShard(place);
    const ada = person();
    await shard.enrol(ada);
    const probe = ada.faces[0]?.embedding ?? new Float32Array();
    for (const change of [{ shard: 1 }, { collectionId: 'another' }, { organisationId: 'another' }]) {
      const other = aShard({ ...place, ...change });
      expect(await other.search(probe, { leastCosine: -1 })).toEqual(NOBODY);
      expect(await other.compare(ada.personId, probe)).toEqual({ ok: true, cosine: null });
      expect(await other.readFaces([ada.personId])).toEqual({ ok: true, persons: [] });
      await other.removePerson(ada.personId);
      await other.erase();
    }
    expect(await shard.search(probe)).toMatchObject({ matches: [{ personId: ada.personId }] });
  });

  it('answers nobody who means another one', async () => {
    const [shard, { look, person }] = [aShard(), people(22)];
    await shard.enrol(person());
    const asked = (place: typeof shard.place) =>
      runInDurableObject(shard.stub, (object) =>
        object.search(place, { probe: look(), mode: 'ACCURATE', count: 1, leastCosine: -1 }),
      );
    expect(await asked(shard.place)).toMatchObject({ ok: true });
    for (const change of [{ shard: 1 }, { collectionId: 'another' }, { organisationId: 'another' }]) {
      expect(await asked({ ...shard.place, ...change })).toEqual(FAILED);
    }
  });

  it.each([{ count: 0 }, { count: 1.5 }, { count: Number.NaN }, { leastCosine: Number.NaN }])(
    'refuses to search for %j',
    async (change) => {
      const [shard, { look, person }] = [aShard(), people(23)];
      await shard.enrol(person());
      expect(await shard.search(look(), change)).toEqual(FAILED);
    },
  );
});
