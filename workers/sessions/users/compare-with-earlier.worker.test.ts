import { env } from 'cloudflare:workers';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openDatabase } from '#shared/db/database.ts';
import {
  eraseUserTemplates,
  listUserTemplates,
  MOST_TEMPLATES,
  type NewUserTemplate,
  rememberUserStatements,
} from '#shared/db/user-templates.ts';
import type { FacesService } from '#shared/rpc/faces.ts';
import { failingOn } from '#shared/testing/faulty-database.ts';
import { seedDatabase } from '#shared/testing/seeded-database.ts';
import { stubFaces } from '#shared/testing/stub-faces.ts';
import { type Comparison, compareWithEarlier } from './compare-with-earlier.ts';

const database = openDatabase(env.DB);
let timeMs = Date.UTC(2026, 5, 1);
let organisationId = '';
let otherOrganisationId = '';

function servicesWith(faces: Partial<FacesService> = {}) {
  const stub = stubFaces(faces);
  return {
    database,
    faces: stub.service,
    dataKey: 'a key',
    nowMs: () => timeMs,
    newId: () => crypto.randomUUID(),
    requests: stub.requests,
  };
}

const services = servicesWith();
const cropsOf = (...pictures: string[]) => pictures.map((text) => new Uint8Array(new TextEncoder().encode(text)));

async function compare(pictures: string[], replaced: Partial<typeof services> = {}, userIdentifier = 'user-4711') {
  const session = { organisationId, userIdentifier, sessionId: crypto.randomUUID(), crops: cropsOf(...pictures) };
  const compared = await compareWithEarlier({ ...services, ...replaced }, session);
  if (compared === null) throw new Error('the face Worker could not be asked');
  return compared;
}

async function store(remember: NewUserTemplate | null): Promise<void> {
  if (remember === null) throw new Error('nothing to remember');
  const [insert, ...others] = rememberUserStatements(database, remember);
  if (insert === undefined) throw new Error('nothing to run');
  await database.batch([insert, ...others]);
}

/** A session that goes well. */
async function session(...pictures: string[]): Promise<Comparison> {
  timeMs += 1000;
  const compared = await compare(pictures);
  if (compared.remember !== null) await store(compared.remember);
  return compared;
}

const kept = (userIdentifier = 'user-4711', of = organisationId) =>
  listUserTemplates(database, { organisationId: of, userIdentifier });

beforeAll(async () => {
  await seedDatabase();
  const { results } = await env.DB.prepare('SELECT id FROM organisations ORDER BY slug').all<{ id: string }>();
  organisationId = results[0]?.id ?? '';
  otherOrganisationId = results[1]?.id ?? '';
});
beforeEach(() => env.DB.prepare('DELETE FROM user_templates').run());

describe('a returning user', () => {
  it('is the first at first, then known again, and remembered each time', async () => {
    expect(await session('ann 1', 'ann 2', 'ann 3')).toMatchObject({
      outcome: 'first',
      matchFound: null,
      similarityScore: null,
    });
    const again = await session('ann 4', 'ann 5', 'ann 6');
    expect(again).toMatchObject({ outcome: 'compared', matchFound: true });
    expect(again.similarityScore).toBeGreaterThan(0.8);
    expect(await kept()).toHaveLength(2);
  });

  it('is asked about as crops are, with the better embedding and no thumbnails', async () => {
    const asked = servicesWith();
    await compare(['ann 1'], asked);
    expect(asked.requests).toEqual([
      { pictures: cropsOf('ann 1'), framing: 'crop', embedding: 'flipped', thumbnails: 'none' },
    ]);
  });

  it('is not somebody else, who is not remembered either', async () => {
    await session('ann 1', 'ann 2', 'ann 3');
    const other = await session('bob 1', 'bob 2', 'bob 3');
    expect(other).toMatchObject({ outcome: 'compared', matchFound: false, remember: null });
    expect(other.similarityScore).toBeLessThan(0.5);
    expect(await kept()).toHaveLength(1);
  });

  it('is nobody of another name or another organisation', async () => {
    await session('ann 1');
    expect(await compare(['ann 2'], {}, 'user-4712')).toMatchObject({ outcome: 'first' });
    const elsewhere = { organisationId: otherOrganisationId, userIdentifier: 'user-4711', sessionId: 's' };
    expect(await compareWithEarlier(services, { ...elsewhere, crops: cropsOf('ann 2') })).toMatchObject({
      outcome: 'first',
    });
  });

  it('is known by any of the sessions kept, of which the oldest make room', async () => {
    for (let i = 1; i <= MOST_TEMPLATES + 2; i++) await session(`ann ${i}`);
    const templates = await kept();
    expect(templates.map(({ createdAtMs }) => createdAtMs)).toEqual(
      Array.from({ length: MOST_TEMPLATES }, (_, i) => timeMs - 1000 * i),
    );
    const { results } = await env.DB.prepare('SELECT id FROM user_templates').all();
    expect(results).toHaveLength(MOST_TEMPLATES);
    // The very picture of a session in the middle: the best counts, not the last or the mean.
    expect((await compare(['ann 4'])).similarityScore).toBe(1);
    expect((await compare(['ann 1'])).similarityScore).toBeLessThan(1);
  });
});

describe('no match, and nothing remembered', () => {
  beforeEach(async () => {
    await session('ann 1', 'ann 2', 'ann 3');
  });

  const unreadable = { outcome: 'unreadable', matchFound: false, similarityScore: null, remember: null };
  it('for two people in one recording', async () => {
    expect(await compare(['ann 1', 'bob 1', 'ann 2'])).toEqual({ ...unreadable, outcome: 'inconsistent' });
  });

  it('without a clear face', async () => {
    expect(await compare(['no_face', 'turned_away ann', 'too_dark ann'])).toEqual(unreadable);
    expect(await compare([])).toEqual(unreadable);
  });

  it('when what is known cannot be opened: nobody becomes the first by that', async () => {
    expect(await compare(['ann 1'], { dataKey: 'another key' })).toEqual(unreadable);
  });

  it('by a template that was moved from another user', async () => {
    await env.DB.prepare("UPDATE user_templates SET user_identifier = 'mallory'").run();
    expect(await compare(['ann 1'], {}, 'mallory')).toEqual(unreadable);
  });

  it('is no answer when the database fails: the session fails', async () => {
    await expect(compare(['ann 1'], { database: openDatabase(failingOn(/user_templates/)) })).rejects.toThrow();
  });
});

it('says nothing of anybody while the face Worker fails, throws or answers nonsense', async () => {
  const request = { pictures: cropsOf('ann 1'), framing: 'crop', embedding: 'flipped', thumbnails: 'none' } as const;
  const read = await stubFaces().service.readFaces(request);
  const [good] = read.ok ? read.outcomes : [];
  if (!good?.ok) throw new Error('not read');
  const nonsense = { ...good, embedding: new Float32Array(512) };
  const answers: FacesService['readFaces'][] = [
    async () => ({ ok: false, reason: 'broken' }),
    async () => ({ ok: true, outcomes: [nonsense] }),
    async () => {
      throw new Error('the face Worker is gone');
    },
  ];
  const asked = { organisationId, userIdentifier: 'user-4711', sessionId: 's', crops: cropsOf('ann 1') };
  for (const readFaces of answers) expect(await compareWithEarlier(servicesWith({ readFaces }), asked)).toBeNull();
});

describe('remembering', () => {
  it('takes one of two first sessions at once', async () => {
    const [ann, bob] = [await compare(['ann 1']), await compare(['bob 1'])];
    await store(ann.remember);
    await store(bob.remember);
    expect((await kept()).map(({ id }) => id)).toEqual([ann.remember?.id]);
  });

  it('brings nothing back that was erased in between', async () => {
    await session('ann 1');
    const { remember } = await compare(['ann 2']);
    const user = { organisationId, userIdentifier: 'user-4711' };
    expect(await eraseUserTemplates(database, user)).toBe(1);
    await store(remember);
    expect(await kept()).toEqual([]);
    expect(await eraseUserTemplates(database, user)).toBe(0);
  });

  it('writes once what is written twice', async () => {
    const { remember } = await compare(['ann 1']);
    await store(remember);
    await store(remember);
    expect(await kept()).toHaveLength(1);
  });

  it('leaves other users alone', async () => {
    for (let i = 1; i <= MOST_TEMPLATES; i++) await store((await compare([`bob ${i}`], {}, `other-${i}`)).remember);
    for (let i = 1; i <= MOST_TEMPLATES + 1; i++) await session(`ann ${i}`);
    for (let i = 1; i <= MOST_TEMPLATES; i++) expect(await kept(`other-${i}`)).toHaveLength(1);
  });

  it('seals the same face another way each time: two rows do not tell that they show one person', async () => {
    const [one, other] = [await compare(['ann 1']), await compare(['ann 1'])];
    expect(one.remember?.sealed).toEqual(expect.any(String));
    expect(one.remember?.sealed).not.toBe(other.remember?.sealed);
  });
});
