import { createScheduledController } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { openDatabase } from '#shared/db/database.ts';
import { beginAttempt, failSubmission, findSubmissionById, type SubmissionRow } from '#shared/db/submissions.ts';
import type { VideoJob } from '#shared/jobs/video-job.ts';
import { faultyBucket } from '#shared/testing/faulty-bucket.ts';
import { recordingQueue, storedSubmission, traces } from '#shared/testing/post-video.ts';
import { seedDatabase } from '#shared/testing/seeded-database.ts';
import type { GatewayEnv } from '../env.ts';
import gateway from '../index.ts';
import { createTendServices, tendSubmissions } from './tend-submissions.ts';

const db = openDatabase(env.DB);
const NOW_MS = Date.UTC(2026, 2, 27, 12);
const HOUR_MS = 60 * 60 * 1000;

beforeAll(seedDatabase);
beforeEach(async () => {
  await env.DB.prepare('DELETE FROM submissions').run();
  await env.VIDEOS.delete((await traces()).objects);
});

/** One look; the ids that got a message. */
async function tend(nowMs = NOW_MS, recordings: R2Bucket = env.VIDEOS): Promise<string[]> {
  const { queue, sent } = recordingQueue();
  const services = createTendServices({ ...(env as unknown as GatewayEnv), VIDEO_JOBS: queue, VIDEOS: recordings });
  await tendSubmissions({ ...services, nowMs: () => nowMs });
  expect(sent).toEqual(sent.map(({ submissionId }) => ({ version: 1, submissionId })));
  return sent.map(({ submissionId }) => submissionId);
}

const submitted = (agoMs: number) => storedSubmission({ createdAtMs: NOW_MS - agoMs });
async function begun(attempts: number, agoMs: number): Promise<SubmissionRow> {
  const row = await submitted(agoMs);
  for (let i = 0; i < attempts; i++) await beginAttempt(db, row.id, NOW_MS - agoMs);
  return row;
}
const reread = (row: SubmissionRow) => findSubmissionById(db, row.id);

describe('a submission that nobody has touched for an hour', () => {
  it.each([0, 1, 2])('gets a message again, once an hour, after %d attempts', async (attempts) => {
    const row = await begun(attempts, HOUR_MS + 1);
    const before = await reread(row);
    expect(await tend()).toEqual([row.id]);
    expect(await reread(row)).toEqual({ ...before, updatedAtMs: NOW_MS });
    expect(await tend(NOW_MS + HOUR_MS)).toEqual([]);
    expect(await tend(NOW_MS + HOUR_MS + 1)).toEqual([row.id]);
  });

  it('has failed when its attempts are used up', async () => {
    const row = await begun(3, HOUR_MS + 1);
    expect(await tend()).toEqual([]);
    const error = 'Processing broke off and did not come to an end. Nothing was charged; submit the video again.';
    expect(await reread(row)).toMatchObject({ status: 'failed', error, completedAtMs: NOW_MS });
  });

  it('takes its recording with it when it fails, also what was fetched, and only then', async () => {
    const [failed, revived] = [await begun(3, HOUR_MS + 1), await begun(2, HOUR_MS + 1)];
    const keys = [`${revived.objectKey}`, `${revived.objectKey}-1`, failed.objectKey, `${failed.objectKey}-3`];
    for (const key of keys) await env.VIDEOS.put(key, 'x');
    await tend();
    expect((await traces()).objects).toEqual([revived.objectKey, `${revived.objectKey}-1`]);
    const empty = await begun(3, HOUR_MS + 1);
    await tend();
    expect(await reread(empty)).toMatchObject({ status: 'failed' });
  });

  it('does not wait for another for which there is no message, nor do recordings', async () => {
    const rows = [await submitted(2 * HOUR_MS), await submitted(2 * HOUR_MS)];
    await env.VIDEOS.put('videos/orphan', 'x');
    const sent: string[] = [];
    const { queue } = recordingQueue();
    const send: Queue<VideoJob>['send'] = async (job) => {
      if (job.submissionId === rows[0]?.id) throw new Error('the queue is away');
      sent.push(job.submissionId);
      return await queue.send(job);
    };
    const log = vi.spyOn(console, 'error').mockReturnValue();
    const services = createTendServices(env as unknown as GatewayEnv);
    const nowMs = () => Date.now() + 25 * HOUR_MS;
    await tendSubmissions({ ...services, videoJobs: { send }, nowMs });
    expect(sent).toEqual([rows[1]?.id]);
    expect((await traces()).objects).toEqual([]);
    expect(log.mock.calls.flat().join()).toContain('the queue is away');
    log.mockRestore();
  });

  it('is one of a hundred at most in one look', async () => {
    const { organisationId } = await submitted(2 * HOUR_MS);
    await env.DB.prepare(
      `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100)
       INSERT INTO submissions (id, organisation_id, model, object_key, status, created_at_ms, updated_at_ms)
       SELECT 'many-' || i, ?, 'mixed-10-v2', 'x', 'pending', 1, 1 FROM n`,
    )
      .bind(organisationId)
      .run();
    const first = await tend();
    const second = await tend();
    expect([first.length, second.length, new Set([...first, ...second]).size]).toEqual([100, 1, 101]);
  });
});

it('what waits or runs for less, and what has ended, is left alone', async () => {
  const fresh = [await submitted(HOUR_MS), await begun(1, HOUR_MS), await begun(3, HOUR_MS)];
  const ended = await begun(1, 5 * HOUR_MS);
  await failSubmission(db, ended.id, 'x', NOW_MS - 5 * HOUR_MS);
  const before = await Promise.all([...fresh, ended].map(reread));
  expect(await tend()).toEqual([]);
  expect(await Promise.all([...fresh, ended].map(reread))).toEqual(before);
});

describe('a recording that is still there', () => {
  const kept = 24 * HOUR_MS;
  const put = (...keys: string[]) => Promise.all(keys.map((key) => env.VIDEOS.put(key, 'x')));
  const left = async () => (await traces()).objects;

  it('goes after a day, and nothing else does', async () => {
    await put('videos/a/1', 'videos/b/2-1', 'faces/3', 'videos-4');
    await tend(Date.now() + kept - 60_000);
    expect(await left()).toEqual(['faces/3', 'videos-4', 'videos/a/1', 'videos/b/2-1']);
    await tend(Date.now() + kept + 60_000);
    expect(await left()).toEqual(['faces/3', 'videos-4']);
  });

  it('is found on whichever page of the list it is', async () => {
    await put('videos/1', 'videos/2', 'videos/3', 'videos/4', 'videos/5');
    const list = vi.fn((options?: R2ListOptions) => env.VIDEOS.list({ ...options, limit: 2 }));
    await tend(Date.now() + kept + 60_000, faultyBucket({ list }));
    expect([await left(), list.mock.calls.length]).toEqual([[], 3]);
  });

  it('waits for the next look when there are more than can be deleted at once', async () => {
    const old = (prefix: string, count: number) =>
      Array.from({ length: count }, (_, i) => ({ key: `${prefix}${i}`, uploaded: new Date(0) }) as R2Object);
    const pages: R2Objects[] = [
      { objects: old('a', 99), truncated: true, cursor: 'next', delimitedPrefixes: [] },
      { objects: old('b', 1000), truncated: true, cursor: 'more', delimitedPrefixes: [] },
    ];
    const cursors: (string | undefined)[] = [];
    const list: R2Bucket['list'] = async (options) => {
      cursors.push(options?.cursor);
      return pages[cursors.length - 1] ?? { objects: [], truncated: false, delimitedPrefixes: [] };
    };
    const deleted = vi.fn(async (_keys: string | string[]) => undefined);
    await tend(Date.now(), faultyBucket({ list, delete: deleted }));
    expect(cursors).toEqual([undefined, 'next']);
    expect(deleted.mock.calls.map(([keys]) => keys.length)).toEqual([1000]);
  });

  it('costs nothing where there is none', async () => {
    const deleted = vi.fn(async () => undefined);
    await tend(NOW_MS, faultyBucket({ delete: deleted }));
    expect(deleted).not.toHaveBeenCalled();
  });
});

it('is done by the clock of the deployment', async () => {
  const row = await storedSubmission({ createdAtMs: Date.now() - HOUR_MS - 1000 });
  const { queue, sent } = recordingQueue();
  const bindings = { ...(env as unknown as GatewayEnv), VIDEO_JOBS: queue };
  await gateway.scheduled(createScheduledController(), bindings);
  expect(sent).toEqual([{ version: 1, submissionId: row.id }]);
});
