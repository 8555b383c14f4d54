import { env } from 'cloudflare:workers';
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { faultyBucket } from '#shared/testing/faulty-bucket.ts';
import { failingOn } from '#shared/testing/faulty-database.ts';
import { film, formOf, postVideo, recordingQueue, refusalOf, traces } from '#shared/testing/post-video.ts';
import { seedDatabase } from '#shared/testing/seeded-database.ts';

beforeAll(seedDatabase);
let logged: () => string;
beforeEach(() => {
  const log = vi.spyOn(console, 'error').mockReturnValue();
  logged = () => log.mock.calls.flat().join();
});
afterEach(() => vi.restoreAllMocks());

const deadQueue = () => recordingQueue(() => Promise.reject(new Error('the queue is away')));
const away = () => Promise.reject(new Error('R2 is away'));
const form = () => formOf(['video_file', film()]);

describe('the queue', () => {
  it.each([
    ['a film', form],
    ['a URL', () => formOf(['video_url', 'https://films.example.com/x.mp4'])],
  ])('that takes no message makes as if nothing had been sent: %s', async (_what, given) => {
    const { headers, ...refusal } = await refusalOf(given(), { recorder: deadQueue() });
    expect(refusal).toMatchObject({
      status: 503,
      code: 'service_unavailable',
      message: 'The video could not be queued. Nothing was charged; please send it again.',
    });
    expect(headers.get('retry-after')).toBe('5');
    expect(logged()).toContain('the queue is away');
    expect((await postVideo(given())).response.status).toBe(201);
  });

  it('may be away together with the database: the row stays for the hourly look, the recording does not', async () => {
    const before = await traces();
    const bindings = { DB: failingOn(/delete from "submissions"/i) };
    const { response } = await postVideo(form(), { recorder: deadQueue(), env: bindings });
    expect(response.status).toBe(503);
    expect(await traces()).toEqual({ ...before, rows: before.rows + 1 });
  });

  it('that has taken the message and not said so has taken it: the job that runs keeps its row and its recording', async () => {
    const before = await traces();
    // A message can be delivered before its sender hears of it.
    const recorder = recordingQueue(async () => {
      await env.DB.prepare(`UPDATE submissions SET status = 'processing' WHERE status = 'pending'`).run();
      throw new Error('the queue is away');
    });
    expect((await postVideo(form(), { recorder })).response.status).toBe(201);
    const after = await traces();
    expect([after.rows, after.objects.length]).toEqual([before.rows + 1, before.objects.length + 1]);
  });
});

describe('storage', () => {
  it('that is away is told as such', async () => {
    const refusal = await refusalOf(form(), { env: { VIDEOS: faultyBucket({ put: away }) } });
    expect(refusal).toMatchObject({
      status: 503,
      code: 'service_unavailable',
      message: 'The file could not be stored. Nothing was charged; please send it again.',
    });
    expect(refusal.headers.get('retry-after')).toBe('5');
  });

  it('is not needed for a URL', async () => {
    const bindings = { VIDEOS: faultyBucket({ put: away, delete: away, createMultipartUpload: away }) };
    const url = formOf(['video_url', 'https://films.example.com/x.mp4']);
    expect((await postVideo(url, { env: bindings })).response.status).toBe(201);
  });

  it.each([
    ['a field', formOf(['video_file', film()], ['metadata', 'x']), 400, 'invalid_metadata'],
    ['a second file', formOf(['video_file', film()], ['video_file', film()]), 400, 'invalid_video_input'],
  ])('that does not delete what is not wanted changes no answer: %s', async (_what, given, status, code) => {
    const { response } = await postVideo(given, { env: { VIDEOS: faultyBucket({ delete: away }) } });
    expect([response.status, response.headers.get('x-error-code')]).toEqual([status, code]);
    expect(logged()).toContain('R2 is away');
  });
});

describe('the database', () => {
  it.each([
    ['the credits', /select "credit_balance"/i],
    ['the row', /insert into "submissions"/i],
  ])('that is away leaves nothing in storage: %s', async (_what, pattern) => {
    const refusal = await refusalOf(form(), { env: { DB: failingOn(pattern) } });
    expect(refusal).toMatchObject({ status: 503, code: 'service_unavailable' });
    expect(refusal.message).not.toContain('D1');
    expect(refusal.headers.get('retry-after')).toBe('5');
    expect((await postVideo(form())).response.status).toBe(201);
  });
});
