import { env } from 'cloudflare:workers';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Verification, VerificationSummary } from '#shared/contract/checks.ts';
import type { Page } from '#shared/contract/pagination.ts';
import type { CheckProgress } from '#shared/contract/results.ts';
import { openDatabase } from '#shared/db/database.ts';
import { beginAttempt, failSubmission } from '#shared/db/submissions.ts';
import { callData, callJson } from '#shared/testing/call-gateway.ts';
import { giveFilmVerdict, pollVideo, storedSubmission } from '#shared/testing/post-video.ts';
import { seedDatabase } from '#shared/testing/seeded-database.ts';

const db = openDatabase(env.DB);
const NOON_MS = Date.UTC(2026, 2, 27, 12);
const READER = 'sk-local-acme-read';

beforeAll(seedDatabase);

const progressOf = (id: string, rest = '') => callData<CheckProgress>(`/api/v1/result/${id}${rest}`, { key: READER });

describe('the result of a video', () => {
  it('is followed under its submission, from the first state to the verdict', async () => {
    const row = await storedSubmission({ createdAtMs: NOON_MS });
    const nothing = {
      job_id: row.id,
      session_id: row.id,
      created_at: '2026-03-27T12:00:00.000Z',
      started_at: null,
      completed_at: null,
      verdict: null,
      confidence: null,
      real_score: null,
      processing_ms: null,
      frames_processed: null,
      available: false,
      warning: null,
      error: null,
    };
    expect(await progressOf(row.id)).toEqual({ ...nothing, status: 'queued' });
    expect(await progressOf(row.id.toUpperCase(), '/wait?timeout=0')).toEqual({ ...nothing, status: 'queued' });
    await beginAttempt(db, row.id, NOON_MS + 1000);
    const begun = { ...nothing, status: 'processing', started_at: '2026-03-27T12:00:01.000Z' };
    expect(await progressOf(row.id)).toEqual(begun);
    await giveFilmVerdict(row, { nowMs: NOON_MS + 2000 });
    expect(await progressOf(row.id)).toMatchObject({
      status: 'complete',
      available: true,
      verdict: 'live',
      real_score: 0.95,
      frames_processed: 10,
      completed_at: '2026-03-27T12:00:02.000Z',
      error: null,
    });
  });

  it('is that it failed, with the reason, and is not waited for then', async () => {
    const { id } = await storedSubmission({ createdAtMs: NOON_MS });
    await failSubmission(db, id, 'The video has no frames.', NOON_MS + 2000);
    const failed = {
      status: 'failed',
      available: false,
      verdict: null,
      error: 'The video has no frames.',
      completed_at: '2026-03-27T12:00:02.000Z',
    };
    expect(await progressOf(id)).toMatchObject(failed);
    const beganMs = Date.now();
    expect(await progressOf(id, '/wait?timeout=120')).toMatchObject(failed);
    expect(Date.now() - beganMs).toBeLessThan(5_000);
  });

  it.each([
    ['verdict', 'complete', async (row: Parameters<typeof giveFilmVerdict>[0]) => void (await giveFilmVerdict(row))],
    ['failure', 'failed', async ({ id }: { id: string }) => void (await failSubmission(db, id, 'x', NOON_MS))],
  ] as const)('is waited for until its %s', async (_what, status, end) => {
    const row = await storedSubmission();
    const waiting = progressOf(row.id, '/wait');
    await scheduler.wait(50);
    await end(row);
    expect(await waiting).toMatchObject({ status });
  });

  it.each(['', '/wait?timeout=120'])('is the organisation’s own%s', async (rest) => {
    const { id } = await storedSubmission();
    const { response } = await callJson(`/api/v1/result/${id}${rest}`, { key: 'sk-local-globex' });
    expect([response.status, response.headers.get('x-error-code')]).toEqual([404, 'not_found']);
  });
});

it('the verdict on a video is kept with all others', async () => {
  const metadata = { channel: 'mobile' };
  const row = await storedSubmission({ metadata });
  const path = `/api/v1/verifications/${row.id}`;
  expect((await callJson(path, { key: READER })).response.status).toBe(404);
  await giveFilmVerdict(row);
  const { result } = await pollVideo(row.id);
  const kept = { operation: 'detectVideo', source: 'media', bg_segmentation: null, metadata, client_time: null };
  expect(await callData<Verification>(path, { key: READER })).toEqual({
    ...result,
    ...kept,
    diagnostics: [{ cue: 'texture', value: 0.95, speaks_for: 'live', advice: null }],
  });
  const { items } = await callData<Page<VerificationSummary>>('/api/v1/verifications?limit=1', { key: READER });
  expect(items[0]).toMatchObject({ session_id: row.id, operation: 'detectVideo' });
});
