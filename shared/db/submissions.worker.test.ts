import { env } from 'cloudflare:workers';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { VIDEO_OPERATION } from '../jobs/video-job.ts';
import { booksOf } from '../testing/post-check.ts';
import { giveFilmVerdict, storedSubmission } from '../testing/post-video.ts';
import { seedDatabase } from '../testing/seeded-database.ts';
import { setBalance } from '../testing/set-balance.ts';
import { openDatabase } from './database.ts';
import {
  addSubmission,
  beginAttempt,
  failSubmission,
  findSubmissionById,
  recordProgress,
  type SubmissionRow,
  takeStalled,
  withdrawSubmission,
} from './submissions.ts';
import { findVerification } from './verifications.ts';

const db = openDatabase(env.DB);
const NOON_MS = Date.UTC(2026, 2, 27, 12);
const OPENING = { stage: 'opening', done: null, total: null } as const;

beforeAll(seedDatabase);
beforeEach(() => env.DB.prepare('DELETE FROM submissions').run());

const submitted = (members: Partial<SubmissionRow> = {}, slug?: string) =>
  storedSubmission({ createdAtMs: NOON_MS, videoUrl: 'https://films.example.com/x.mp4?sig=1', ...members }, slug);
const reread = (row: SubmissionRow) => findSubmissionById(db, row.id);
const verdictOn = ({ organisationId, id }: SubmissionRow) =>
  findVerification(db, { organisationId, operation: VIDEO_OPERATION, sessionId: id });
/** Whether it has come to a verdict. */
const charge = async (row: SubmissionRow) => (await giveFilmVerdict(row, { nowMs: NOON_MS + 9 })) !== null;

describe('a submission', () => {
  it('is written once under its id: whoever comes again finds the first', async () => {
    const row = await submitted();
    const again = await submitted({ id: row.id, objectKey: 'videos/another' });
    expect(again).toEqual(row);
  });

  it('is not written under a claim that has passed on', async () => {
    const { organisationId, apiKeyId, model, metadata, objectKey, videoUrl, contentHash } = await submitted();
    const submission = { organisationId, apiKeyId, model, metadata, objectKey, videoUrl, contentHash };
    const creation = { id: crypto.randomUUID(), claimedUntilMs: NOON_MS };
    expect(await addSubmission(db, creation, { ...submission, createdAtMs: NOON_MS })).toBeNull();
    expect(await findSubmissionById(db, creation.id)).toBeNull();
  });

  it('is begun, told about and ended', async () => {
    const row = await submitted();
    const first = { status: 'processing', attempts: 1, startedAtMs: NOON_MS + 1, updatedAtMs: NOON_MS + 1 } as const;
    const begun = await beginAttempt(db, row.id, NOON_MS + 1);
    expect(begun).toEqual({ ...row, ...first });
    const progress = { stage: 'analysing', done: 3, total: 10 } as const;
    expect(await recordProgress(db, { id: row.id, attempts: 1 }, progress, NOON_MS + 2)).toBe(true);
    const told = { stage: 'analysing', stageDone: 3, stageTotal: 10, updatedAtMs: NOON_MS + 2 } as const;
    expect(await reread(row)).toEqual({ ...row, ...first, ...told });
    const second = { attempts: 2, startedAtMs: NOON_MS + 3, updatedAtMs: NOON_MS + 3 };
    expect(await beginAttempt(db, row.id, NOON_MS + 3)).toEqual({ ...row, ...first, ...second });
    expect(await failSubmission(db, row.id, 'why', NOON_MS + 4)).toBe(true);
    const ended = { status: 'failed', error: 'why', completedAtMs: NOON_MS + 4, updatedAtMs: NOON_MS + 4 } as const;
    expect(await reread(row)).toEqual({ ...row, ...first, ...second, ...ended, videoUrl: null });
  });

  it('belongs to the attempt that was begun last', async () => {
    const row = await submitted();
    await beginAttempt(db, row.id, NOON_MS);
    await beginAttempt(db, row.id, NOON_MS);
    const before = await reread(row);
    expect(await recordProgress(db, { id: row.id, attempts: 1 }, OPENING, NOON_MS + 1)).toBe(false);
    expect(await reread(row)).toEqual(before);
    expect(await recordProgress(db, { id: row.id, attempts: 2 }, OPENING, NOON_MS + 1)).toBe(true);
  });

  it('counts its attempts, however many begin at once', async () => {
    const row = await submitted();
    await Promise.all(Array.from({ length: 5 }, () => beginAttempt(db, row.id, NOON_MS)));
    expect(await reread(row)).toMatchObject({ attempts: 5 });
  });

  it('that is not there cannot be begun', async () => {
    expect(await beginAttempt(db, crypto.randomUUID(), NOON_MS)).toBeNull();
  });

  it('can be withdrawn until somebody works on it', async () => {
    const [waits, runs] = [await submitted(), await submitted()];
    await beginAttempt(db, runs.id, NOON_MS);
    await withdrawSubmission(db, waits.id);
    await withdrawSubmission(db, runs.id);
    expect([await reread(waits), await reread(runs)]).toEqual([null, expect.objectContaining({ attempts: 1 })]);
  });

  it('cannot end without an instant and, if badly, a reason', async () => {
    const row = await submitted();
    const set = (sql: string) => env.DB.prepare(`UPDATE submissions SET ${sql} WHERE id = ?`).bind(row.id).run();
    for (const half of [`status = 'completed'`, 'completed_at_ms = 1', `status = 'failed', completed_at_ms = 1`]) {
      await expect(set(half)).rejects.toThrow('CHECK constraint failed');
    }
    await expect(set(`error = 'x'`)).rejects.toThrow('CHECK constraint failed');
  });
});

describe('a submission that has ended', () => {
  it.each([
    ['completed', charge],
    ['failed', ({ id }: SubmissionRow) => failSubmission(db, id, 'why', NOON_MS + 9)],
  ])('stays as it is: %s', async (status, end) => {
    const row = await submitted();
    await end(row);
    const ended = await reread(row);
    const books = await booksOf();
    expect(ended).toMatchObject({ status, completedAtMs: NOON_MS + 9, videoUrl: null });
    expect(await beginAttempt(db, row.id, NOON_MS + 20)).toEqual(ended);
    expect(await recordProgress(db, ended ?? row, OPENING, NOON_MS + 20)).toBe(false);
    expect(await failSubmission(db, row.id, 'another reason', NOON_MS + 20)).toBe(false);
    expect(await charge(row)).toBe(false);
    await withdrawSubmission(db, row.id);
    expect(await takeStalled(db, { untouchedSinceMs: NOON_MS * 2, nowMs: NOON_MS, most: 9 })).toEqual([]);
    expect(await reread(row)).toEqual(ended);
    expect(await booksOf()).toEqual(books);
  });
});

describe('the charge of a submission', () => {
  it('is one with its usage row, its verdict and its end', async () => {
    const row = await submitted({ model: 'mixed-120-v2' });
    const { balance, usageRows, verifications } = await booksOf();
    expect(await charge(row)).toBe(true);
    const written = { balance: (balance ?? 0) - 2, usageRows: (usageRows ?? 0) + 1 };
    expect(await booksOf()).toEqual({ ...written, verifications: (verifications ?? 0) + 1 });
    expect(await reread(row)).toMatchObject({ status: 'completed', error: null, completedAtMs: NOON_MS + 9 });
    expect(await verdictOn(row)).toMatchObject({ state: 'done', verdict: 'live', inputSource: 'video_upload' });
    const usage = await env.DB.prepare('SELECT * FROM usage_events WHERE session_id = ?').bind(row.id).first();
    expect(usage).toMatchObject({ operation: 'detectVideo', model: 'mixed-120-v2', credits: 2, frames_processed: 10 });
  });

  it('is taken once, however many jobs come to a verdict at once', async () => {
    const row = await submitted();
    const { balance, usageRows, verifications } = await booksOf();
    const outcomes = await Promise.all(Array.from({ length: 6 }, () => charge(row)));
    expect(outcomes.filter(Boolean)).toHaveLength(1);
    const once = { balance: (balance ?? 0) - 1, usageRows: (usageRows ?? 0) + 1 };
    expect(await booksOf()).toEqual({ ...once, verifications: (verifications ?? 0) + 1 });
    expect(await reread(row)).toMatchObject({ status: 'completed' });
  });

  it('and a failure at once: one of them holds, whole', async () => {
    for (let round = 0; round < 10; round++) {
      const row = await submitted();
      const { balance } = await booksOf();
      const [isCharged, hasFailed] = await Promise.all([charge(row), failSubmission(db, row.id, 'why', NOON_MS)]);
      expect(isCharged).not.toBe(hasFailed);
      expect(await reread(row)).toMatchObject({ status: isCharged ? 'completed' : 'failed' });
      expect((await booksOf()).balance).toBe((balance ?? 0) - (isCharged ? 1 : 0));
      expect((await verdictOn(row)) !== null).toBe(isCharged);
    }
  });

  it('is not taken without enough credits, and nothing is written then', async () => {
    await setBalance('broke', 1);
    const row = await submitted({ model: 'mixed-120-v2' }, 'broke');
    const books = await booksOf('broke');
    await expect(charge(row)).rejects.toThrow('The check costs 2, the organisation has 1.');
    expect(await booksOf('broke')).toEqual(books);
    expect([await verdictOn(row), await reread(row)]).toEqual([
      null,
      expect.objectContaining({ status: 'processing' }),
    ]);
    await setBalance('broke', 2);
    expect(await charge(row)).toBe(true);
    expect(await booksOf('broke')).toMatchObject({ balance: 0 });
  });

  it('is not taken for what nobody works on', async () => {
    const row = await submitted();
    const books = await booksOf();
    expect(await giveFilmVerdict(row, { isBegun: true })).toBeNull();
    expect([await booksOf(), await verdictOn(row)]).toEqual([books, null]);
    expect(await reread(row)).toEqual(row);
  });

  it('goes to nobody’s key when that has been deleted meanwhile', async () => {
    const apiKeyId = crypto.randomUUID();
    await env.DB.prepare(
      `INSERT INTO api_keys (id, organisation_id, name, key_hash, prefix, scopes, created_at_ms)
       SELECT ?1, id, 'short-lived', ?1, 'x', '[]', 0 FROM organisations WHERE slug = 'acme'`,
    )
      .bind(apiKeyId)
      .run();
    const row = await submitted({ apiKeyId });
    const books = await booksOf();
    await env.DB.prepare('DELETE FROM api_keys WHERE id = ?').bind(apiKeyId).run();
    // The job that had read it before comes to nothing; the next one reads that there is none.
    await expect(charge(row)).rejects.toThrow();
    expect([await booksOf(), await verdictOn(row)]).toEqual([books, null]);
    const now = await reread(row);
    expect(now).toMatchObject({ apiKeyId: null, status: 'processing' });
    expect(await charge(now ?? row)).toBe(true);
    expect(await verdictOn(row)).toMatchObject({ apiKeyId: null, verdict: 'live' });
  });
});
