import { env } from 'cloudflare:workers';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openDatabase } from '#shared/db/database.ts';
import { beginAttempt, failSubmission, type Progress, recordProgress } from '#shared/db/submissions.ts';
import { callJson } from '#shared/testing/call-gateway.ts';
import {
  film,
  formOf,
  giveFilmVerdict,
  pollVideo,
  storedSubmission,
  submitFilm,
  videoPath,
} from '#shared/testing/post-video.ts';
import { seedDatabase } from '#shared/testing/seeded-database.ts';

const db = openDatabase(env.DB);
const NOON_MS = Date.UTC(2026, 2, 27, 12);

beforeAll(seedDatabase);
beforeEach(() => env.DB.prepare('DELETE FROM submissions').run());

const answerOf = async (path: string, key = 'sk-local-acme') => {
  const { response, body } = await callJson(path, { key });
  return [response.status, response.headers.get('x-error-code'), body.message];
};

describe('a submission that waits', () => {
  it('is told member by member', async () => {
    const { row, accepted } = await submitFilm(formOf(['video_file', film()], ['metadata', '{"a":1}']));
    const expected = {
      submission_id: row.id,
      tenant: 'acme',
      status: 'pending',
      result: null,
      tenant_metadata: { a: 1 },
      message: 'Waiting to be processed. It is next.',
      error: null,
      created_at: accepted.created_at,
      completed_at: null,
    };
    expect(await pollVideo(row.id)).toEqual(expected);
    expect(await pollVideo(row.id.toUpperCase())).toEqual(expected);
  });

  it('says how many of its organisation are before it', async () => {
    const others = await storedSubmission({ createdAtMs: NOON_MS - 5000 }, 'globex');
    const first = await storedSubmission({ createdAtMs: NOON_MS - 2000 });
    const second = await storedSubmission({ createdAtMs: NOON_MS - 1000 });
    const own = await storedSubmission({ createdAtMs: NOON_MS });
    await storedSubmission({ createdAtMs: NOON_MS + 1000 });
    const messageOf = async (id: string) => (await pollVideo(id)).message;
    expect(await messageOf(own.id)).toBe('Waiting to be processed. 2 more are before it.');
    expect(await messageOf(second.id)).toBe('Waiting to be processed. One more is before it.');
    expect(await messageOf(first.id)).toBe('Waiting to be processed. It is next.');
    expect((await pollVideo(others.id, 'sk-local-globex', 'globex')).message).toContain('It is next.');
    await beginAttempt(db, first.id, NOON_MS);
    expect(await messageOf(own.id)).toBe('Waiting to be processed. One more is before it.');
    await failSubmission(db, second.id, 'x', NOON_MS);
    expect(await messageOf(own.id)).toBe('Waiting to be processed. It is next.');
  });
});

describe('a submission that is worked on', () => {
  it.each<[Progress | null, string]>([
    [null, 'Processing has begun.'],
    [{ stage: 'fetching', done: null, total: null }, 'Fetching the video.'],
    [{ stage: 'fetching', done: 0, total: 0 }, 'Fetching the video.'],
    [{ stage: 'fetching', done: 0, total: 3_000_000 }, 'Fetching the video, 0 %.'],
    [{ stage: 'fetching', done: 2_000_000, total: 3_000_000 }, 'Fetching the video, 67 %.'],
    [{ stage: 'opening', done: null, total: null }, 'Opening the video.'],
    [{ stage: 'analysing', done: 0, total: 30 }, 'Analysing frame 1 of 30.'],
    [{ stage: 'analysing', done: 29, total: 30 }, 'Analysing frame 30 of 30.'],
    [{ stage: 'judging', done: null, total: null }, 'Weighing the evidence.'],
  ])('says what is being done: %o', async (progress, message) => {
    const { id } = await storedSubmission({ createdAtMs: NOON_MS });
    await beginAttempt(db, id, NOON_MS);
    if (progress) expect(await recordProgress(db, { id, attempts: 1 }, progress, NOON_MS)).toBe(true);
    const processing = { status: 'processing', message, result: null, error: null, completed_at: null };
    expect(await pollVideo(id)).toMatchObject(processing);
    await beginAttempt(db, id, NOON_MS);
    expect((await pollVideo(id)).message).toBe('Processing has begun. (attempt 2 of 3)');
    if (progress) await recordProgress(db, { id, attempts: 2 }, progress, NOON_MS);
    expect((await pollVideo(id)).message).toBe(`${message} (attempt 2 of 3)`);
  });
});

it('a submission whose message was sent anew may be begun more often than one message is delivered', async () => {
  const { id } = await storedSubmission({ createdAtMs: NOON_MS });
  for (let i = 0; i < 3; i++) await beginAttempt(db, id, NOON_MS);
  expect((await pollVideo(id)).message).toBe('Processing has begun. (attempt 3 of 3)');
  await beginAttempt(db, id, NOON_MS);
  expect((await pollVideo(id)).message).toBe('Processing has begun. (attempt 4)');
});

describe('a submission that has ended', () => {
  it('well has its verdict', async () => {
    const metadata = { session_type: 'onboarding' };
    const row = await storedSubmission({ createdAtMs: NOON_MS, model: 'mixed-30-v2', metadata });
    await giveFilmVerdict(row, { frameCount: 30, nowMs: NOON_MS + 1000 });
    expect(await pollVideo(row.id)).toEqual({
      submission_id: row.id,
      tenant: 'acme',
      status: 'completed',
      result: {
        verdict: 'live',
        confidence: 0.95,
        real_score: 0.95,
        score: 95,
        type: 'VERY HIGH',
        session_id: row.id,
        model: 'mixed-30-v2',
        input_source: 'video_upload',
        processing_ms: 30,
        frames_processed: 30,
        tenant_metadata: metadata,
        warning: null,
        warnings: null,
        created_at: '2026-03-27T12:00:01.000Z',
      },
      tenant_metadata: metadata,
      message: 'Processing complete.',
      error: null,
      created_at: '2026-03-27T12:00:00.000Z',
      completed_at: '2026-03-27T12:00:01.000Z',
    });
  });

  it('badly says why', async () => {
    const { id } = await storedSubmission({ createdAtMs: NOON_MS });
    await beginAttempt(db, id, NOON_MS);
    await failSubmission(db, id, 'The video has no frames.', NOON_MS + 2000);
    expect(await pollVideo(id)).toEqual({
      submission_id: id,
      tenant: 'acme',
      status: 'failed',
      result: null,
      tenant_metadata: null,
      message: 'Processing failed. Nothing was charged.',
      error: 'The video has no frames.',
      created_at: '2026-03-27T12:00:00.000Z',
      completed_at: '2026-03-27T12:00:02.000Z',
    });
  });
});

describe('a submission that is not there', () => {
  it.each([
    ['unknown', crypto.randomUUID(), 404, 'submission_not_found', 'Submission not found'],
    ['no id', 'abc', 400, 'validation_error', expect.stringContaining('submission_id')],
  ])('is said to be: %s', async (_what, id, ...expected) => {
    expect(await answerOf(`${videoPath()}/${id}`)).toEqual(expected);
  });

  it('is another organisation’s, whose path is closed as well', async () => {
    const { id } = await storedSubmission();
    const notFound = [404, 'submission_not_found', 'Submission not found'];
    expect(await answerOf(`${videoPath('globex')}/${id}`, 'sk-local-globex')).toEqual(notFound);
    const mismatch = [403, 'tenant_mismatch', 'API key does not belong to the requested tenant'];
    expect(await answerOf(`${videoPath()}/${id}`, 'sk-local-globex')).toEqual(mismatch);
    expect((await answerOf(`${videoPath('nobody')}/${id}`))[1]).toBe('tenant_not_found');
  });
});
