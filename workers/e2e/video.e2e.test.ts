import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestHarness } from 'wrangler';
import { videoJob } from '#shared/jobs/video-job.ts';
import { REAL_MEDIA } from '#shared/testing/real-recordings.ts';
import { applyMigrationsAndSeed } from '#shared/testing/start-seeded-worker.ts';
import { submitVideo, type VideoClient, videoResult } from '#shared/testing/submit-video.ts';
import type { GatewayEnv } from '../api/env.ts';
import { runFfmpeg } from '../video/decoder/testing/run-ffmpeg.ts';

// Everything in one process as `npm run dev` has it: real queue, real R2, real decoder, real inference, real faces.
const server = createTestHarness({ workers: [{ configPath: 'wrangler.toml' }] });
let env: GatewayEnv;
let folder: string;
let acme: VideoClient;

const ENDS_WITHIN_MS = 30_000;
const JOBS = 50;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'films-'));
  const { url } = await server.listen();
  env = await server.getWorker<GatewayEnv>().getEnv();
  await applyMigrationsAndSeed(env.DB);
  acme = { baseUrl: url.origin, key: 'sk-local-acme', tenant: 'acme' };
});
afterAll(async () => {
  await server.close();
  await rm(folder, { recursive: true });
});

async function film(
  name: string,
  input: string[],
  output: string[],
): Promise<{ name: string; bytes: Uint8Array<ArrayBuffer> }> {
  const path = join(folder, name);
  await runFfmpeg([...input, ...output, path]);
  return { name, bytes: new Uint8Array(await readFile(path)) };
}

const person = ['-ss', '10', '-t', '12', '-i', REAL_MEDIA.franck];
/** The painting before a hand that is not quite steady. */
const painting = ['-loop', '1', '-t', '5', '-r', '25', '-i', REAL_MEDIA.joconde];
const unsteady = ['-vf', 'scale=480:-2,crop=iw-20:ih-20:10+8*sin(t*3):10+8*cos(t*2),crop=floor(iw/2)*2:floor(ih/2)*2'];

async function judged(file: { name: string; bytes: Uint8Array<ArrayBuffer> }, fields: Record<string, string> = {}) {
  const { status, data } = await submitVideo(acme, { video_file: file, ...fields });
  expect(status).toBe(201);
  return await videoResult(acme, data?.submission_id ?? '', ENDS_WITHIN_MS);
}

const count = async (sql: string, ...values: string[]) =>
  (await env.DB.prepare(sql)
    .bind(...values)
    .first<number>('count')) ?? -1;
const stored = async () => (await env.VIDEOS.list()).objects.map(({ key }) => key);

describe('a film', () => {
  it('of a real person is live, however it was stored', async () => {
    const h264 = ['-an', '-c:v', 'libx264', '-preset', 'veryfast', '-crf', '18'];
    const films = await Promise.all([
      film('person.mp4', person, h264),
      film('person.webm', person, [
        '-an',
        '-c:v',
        'libvpx',
        '-b:v',
        '1500k',
        '-deadline',
        'realtime',
        '-cpu-used',
        '8',
      ]),
      // As a phone films that is held upright: the pixels lie, and a note says so.
      film('lying.mp4', person, [...h264, '-vf', 'transpose=1']),
    ]);
    const [mp4, webm, lying] = films;
    const noted = join(folder, 'upright.mov');
    await runFfmpeg(['-i', join(folder, 'lying.mp4'), '-c', 'copy', '-metadata:s:v:0', 'rotate=90', noted]);
    const upright = { name: 'upright.mov', bytes: new Uint8Array(await readFile(noted)) };
    const scores: number[] = [];
    for (const file of [mp4, webm, upright]) {
      const { status, result } = await judged(file, { model: 'mixed-30-v2' });
      expect([file.name, status, result?.verdict]).toEqual([file.name, 'completed', 'live']);
      expect(result).toMatchObject({ frames_processed: 30, input_source: 'video_upload', model: 'mixed-30-v2' });
      scores.push(result?.score ?? Number.NaN);
    }
    // Turned as the note says it is the same film again; a face that lies, or stands on its head, scores otherwise.
    const asLying = await judged(lying, { model: 'mixed-30-v2' });
    const [asFilmed = 0, , turned = 0] = scores;
    expect(Math.abs(turned - asFilmed)).toBeLessThan(1);
    expect(Math.abs((asLying.result?.score ?? 0) - asFilmed)).toBeGreaterThan(5);
    expect(await stored()).toEqual([]);
  }, 120_000);

  it('of a painting is fake', async () => {
    const { result } = await judged(await film('painting.mp4', painting, [...unsteady, '-pix_fmt', 'yuv420p']));
    expect(result).toMatchObject({ verdict: 'fake', model: 'mixed-10-v2' });
    expect(result?.score).toBeLessThan(35);
  });

  it('tells how far it is, and ends under the id of its submission', async () => {
    const file = await film('long.mp4', person, ['-c', 'copy']);
    const metadata = '{"session_type":"onboarding"}';
    const { data } = await submitVideo(acme, { video_file: file, model: 'mixed-60-v2', metadata });
    const messages = new Set<string | null>();
    const end = await videoResult(acme, data?.submission_id ?? '', ENDS_WITHIN_MS, ({ message }) =>
      messages.add(message),
    );
    expect(
      [...messages].filter((message) => /^Analysing frame \d+ of \d+\.$/.test(message ?? '')).length,
    ).toBeGreaterThan(1);
    expect(end).toMatchObject({
      tenant_metadata: { session_type: 'onboarding' },
      error: null,
      message: 'Processing complete.',
    });
    expect(end.result).toMatchObject({
      session_id: end.submission_id,
      tenant_metadata: { session_type: 'onboarding' },
    });
  });
});

describe('what is no film', () => {
  it.each([
    ['random bytes', 'noise.mp4', crypto.getRandomValues(new Uint8Array(50_000)), /not a video/],
    ['text', 'note.webm', Uint8Array.from(new TextEncoder().encode('nothing to be seen\n'.repeat(100))), /not a video/],
  ])('%s ends failed, with a reason, and costs nothing', async (_name, name, bytes, reason) => {
    const before = await count('SELECT count(*) AS count FROM credit_entries');
    const end = await judged({ name, bytes });
    expect(end).toMatchObject({ status: 'failed', result: null, error: expect.stringMatching(reason) });
    expect(await count('SELECT count(*) AS count FROM credit_entries')).toBe(before);
    expect(await stored()).toEqual([]);
  });
});

describe('jobs', () => {
  it(`${JOBS} at once all end, each exactly once`, async () => {
    const file = await film(
      'short.mp4',
      ['-t', '1', ...person.slice(4)],
      ['-an', '-c:v', 'libx264', '-preset', 'ultrafast'],
    );
    const bytesOf = (i: number) => Uint8Array.from([...file.bytes, ...new TextEncoder().encode(`film ${i}`)]);
    const submit = async (_: unknown, i: number) => {
      const { data } = await submitVideo(acme, {
        video_file: { name: file.name, bytes: bytesOf(i) },
        model: 'mixed-10-v2',
      });
      return data?.submission_id ?? '';
    };
    const balance = () =>
      env.DB.prepare("SELECT credit_balance FROM organisations WHERE slug = 'acme'").first<number>('credit_balance');
    const before = (await balance()) ?? 0;
    const ids = await Promise.all(Array.from({ length: JOBS }, submit));
    const ends = await Promise.all(ids.map((id) => videoResult(acme, id, 150_000)));
    expect(new Set(ids).size).toBe(JOBS);
    expect(ends.every(({ status, result }) => status === 'completed' && result !== null)).toBe(true);
    const among = `session_id IN (SELECT value FROM json_each(?))`;
    const list = JSON.stringify(ids);
    expect(await count(`SELECT count(*) AS count FROM verifications WHERE ${among}`, list)).toBe(JOBS);
    expect(await count(`SELECT count(*) AS count FROM usage_events WHERE ${among}`, list)).toBe(JOBS);
    expect(await balance()).toBe(before - JOBS);
    expect(await stored()).toEqual([]);
  }, 200_000);

  it('one that fails each time goes through the dead-letter queue and ends failed', async () => {
    const submissionId = crypto.randomUUID();
    // A model that this version does not know any more: a fault of ours, so each delivery is tried again.
    await env.DB.prepare(
      `INSERT INTO submissions (id, organisation_id, model, object_key, status, created_at_ms, updated_at_ms)
       SELECT ?1, id, 'retired', ?2, 'pending', ?3, ?3 FROM organisations WHERE slug = 'acme'`,
    )
      .bind(submissionId, `videos/${submissionId}`, Date.now())
      .run();
    await env.VIDEOS.put(`videos/${submissionId}`, new Uint8Array(1000));
    await env.VIDEO_JOBS.send(videoJob(submissionId));
    const messages = new Set<string | null>();
    const end = await videoResult(acme, submissionId, 60_000, ({ message }) => messages.add(message));
    expect(end).toMatchObject({ status: 'failed', error: expect.stringContaining('three attempts') });
    expect([...messages].join()).toContain('(attempt 3 of 3)');
    expect(await stored()).toEqual([]);
  }, 70_000);
});

describe('a video_url', () => {
  it.each([
    'https://127.0.0.1/film.mp4',
    'https://[::ffff:10.0.0.1]/film.mp4',
    'https://2130706433/',
    'http://example.com/film.mp4',
  ])('%s is refused at the door', async (url) => {
    const { status, message } = await submitVideo(acme, { video_url: url });
    expect([status, message]).toEqual([400, expect.stringMatching(/^video_url must/)]);
  });
});
