import { createExecutionContext, waitOnExecutionContext } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { createHash } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { ACME, gate, until } from '#shared/testing/post-check.ts';
import { film, formOf, postVideo, recordingQueue, submitFilm, traces, videoPath } from '#shared/testing/post-video.ts';
import { seedDatabase } from '#shared/testing/seeded-database.ts';
import { createApp } from '../../app.ts';
import type { GatewayEnv } from '../../env.ts';

beforeAll(seedDatabase);

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
describe('a video', () => {
  it('is taken in: the answer, the recording, the row and the message', async () => {
    const recorder = recordingQueue();
    const metadata = { session_type: 'onboarding', channel: 'mobile', ü: [1, null] };
    const form = formOf(
      ['video_file', film('bytes of a film')],
      ['model', 'mixed-30-v2'],
      ['metadata', JSON.stringify(metadata)],
    );
    const before = await traces();
    const { response, body } = await postVideo(form, { recorder });
    expect(response.status).toBe(201);
    expect(body).toEqual({
      success: true,
      message: 'OK',
      data: {
        submission_id: expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/),
        tenant: 'acme',
        status: 'pending',
        model: 'mixed-30-v2',
        message: 'The video is queued. Poll this submission for its result.',
        tenant_metadata: metadata,
        created_at: expect.stringMatching(/^2\d{3}-\d\d-\d\dT.*Z$/),
      },
    });
    const { submission_id: id, created_at: createdAt } = body.data as { submission_id: string; created_at: string };
    const row = await env.DB.prepare('SELECT * FROM submissions WHERE id = ?').bind(id).first();
    const owner = await env.DB.prepare(
      `SELECT k.id AS keyId, o.id AS organisationId FROM api_keys k JOIN organisations o ON o.id = k.organisation_id
       WHERE o.slug = 'acme' AND k.name = 'Everything'`,
    ).first<{ keyId: string; organisationId: string }>();
    expect(row).toEqual({
      id,
      organisation_id: owner?.organisationId,
      api_key_id: owner?.keyId,
      model: 'mixed-30-v2',
      metadata: JSON.stringify(metadata),
      object_key: expect.stringMatching(new RegExp(`^videos/${owner?.organisationId}/[0-9a-f-]{36}$`)),
      video_url: null,
      content_hash: sha256('bytes of a film'),
      status: 'pending',
      attempts: 0,
      stage: null,
      stage_done: null,
      stage_total: null,
      error: null,
      created_at_ms: Date.parse(createdAt),
      started_at_ms: null,
      updated_at_ms: Date.parse(createdAt),
      completed_at_ms: null,
    });
    const object = await env.VIDEOS.get(`${row?.object_key}`);
    // What the client calls it is not believed, and not kept.
    expect([await object?.text(), object?.httpMetadata]).toEqual(['bytes of a film', {}]);
    expect(recorder.sent).toEqual([{ version: 1, submissionId: id }]);
    expect(await traces()).toEqual({ rows: before.rows + 1, objects: [...before.objects, row?.object_key].sort() });
  });

  it('costs nothing when it is taken in', async () => {
    const balance = () =>
      env.DB.prepare(`SELECT credit_balance AS n FROM organisations WHERE slug = 'acme'`).first('n');
    const before = await balance();
    await submitFilm();
    expect(await balance()).toBe(before);
  });

  it.each(['x.MP4', 'X.Avi', 'a.b.mov', 'x.webm', 'x.mkv', 'C:\\films\\x.mp4'])('may be named %s', async (name) => {
    expect((await postVideo(formOf(['video_file', film('x', name)]))).response.status).toBe(201);
  });

  it('is stored as one that came in many pieces', async () => {
    const whole = 'many pieces '.repeat(20_000);
    const { row } = await submitFilm(formOf(['video_file', new File([whole], 'x.mp4')]));
    const object = await env.VIDEOS.get(row.objectKey);
    expect(await object?.text()).toBe(whole);
    expect(row.contentHash).toBe(sha256(whole));
  });

  it('may come after the other fields, among fields that nobody knows, and beside a file field left empty', async () => {
    const form = formOf(
      ['metadata', '{"a":1}'],
      ['device', 'x'],
      ['video_file', new File([], '', { type: 'application/octet-stream' })],
      ['other_file', film('not this one')],
      ['video_file', film('this one')],
    );
    const { row, accepted } = await submitFilm(form);
    expect(accepted.tenant_metadata).toEqual({ a: 1 });
    expect(await (await env.VIDEOS.get(row.objectKey))?.text()).toBe('this one');
  });

  it('is another one each time, also when it is the same', async () => {
    const [first, second] = [await submitFilm(), await submitFilm()];
    expect(second.row.id).not.toBe(first.row.id);
    expect(second.row.objectKey).not.toBe(first.row.objectKey);
  });
});

describe('a video that is pointed at', () => {
  it('is left where it is for the job to fetch', async () => {
    const recorder = recordingQueue();
    const before = await traces();
    const url = 'https://Films.example.com/a film.mp4?sig=%2Fx#t=1';
    const { row, accepted } = await submitFilm(formOf(['video_url', url]), { recorder });
    // As it was parsed, which is how it will be fetched.
    expect(row).toMatchObject({ videoUrl: 'https://films.example.com/a%20film.mp4?sig=%2Fx#t=1', contentHash: null });
    expect(row.objectKey).toMatch(/^videos\//);
    expect(accepted.tenant_metadata).toBeNull();
    expect(recorder.sent).toEqual([{ version: 1, submissionId: row.id }]);
    expect((await traces()).objects).toEqual(before.objects);
  });

  it('may come beside an empty file field', async () => {
    const empty = new File([], '', { type: 'application/octet-stream' });
    const form = formOf(['video_file', empty], ['video_url', 'https://films.example.com/x.mp4']);
    expect((await submitFilm(form)).row.videoUrl).toBe('https://films.example.com/x.mp4');
  });
});

describe('the model', () => {
  const headersOf = async (form: FormData, headers: Record<string, string> = {}) => {
    const { response, body } = await postVideo(form, { headers });
    const { model } = body.data as { model: string };
    return { model, headers: Object.fromEntries(response.headers) };
  };

  it('is mixed-10-v2 when none is named', async () => {
    const { model, headers } = await headersOf(formOf(['video_file', film()]));
    expect([model, headers['x-moveris-model-resolved']]).toEqual(['mixed-10-v2', 'mixed-10-v2']);
    expect(headers.deprecation).toBeUndefined();
  });

  it('says that it is deprecated', async () => {
    const { model, headers } = await headersOf(formOf(['video_file', film()], ['model', 'mixed-30']));
    expect(model).toBe('mixed-30');
    expect(headers).toMatchObject({
      'x-moveris-model-resolved': 'mixed-30',
      deprecation: 'true',
      sunset: '2027-06-30',
      'x-moveris-deprecated-model': 'mixed-30',
      'x-moveris-suggested-model': 'mixed-30-v2',
    });
  });

  it('is chosen by version and frame_count, `model` being ignored then', async () => {
    const form = formOf(['model', 'nonsense'], ['frame_count', '60'], ['video_file', film()]);
    const { model, headers } = await headersOf(form, { 'x-model-version': 'latest' });
    expect([model, headers['x-moveris-model-resolved']]).toEqual(['mixed-60-v2', 'mixed-60-v2']);
  });
});

it('a client that does not wait for its answer has submitted all the same', async () => {
  const { opened, open } = gate();
  let isAsked = false;
  const recorder = recordingQueue(async () => {
    isAsked = true;
    await opened;
  });
  const context = createExecutionContext();
  const request = new Request(`https://api.example.test${videoPath()}`, {
    method: 'POST',
    headers: { 'x-api-key': ACME },
    body: formOf(['video_file', film('left behind')]),
  });
  const bindings = { ...(env as unknown as GatewayEnv), VIDEO_JOBS: recorder.queue };
  // Nobody looks at the answer; the platform then keeps only what the context was told of.
  void createApp().fetch(request, bindings, context);
  await until(() => isAsked);
  let isOver = false;
  const over = waitOnExecutionContext(context).then(() => {
    isOver = true;
  });
  await scheduler.wait(50);
  expect(isOver).toBe(false);
  open();
  await over;
  expect(recorder.sent).toHaveLength(1);
  const row = await env.DB.prepare('SELECT object_key FROM submissions WHERE id = ?')
    .bind(recorder.sent[0]?.submissionId)
    .first<string>('object_key');
  expect(await (await env.VIDEOS.get(row ?? ''))?.text()).toBe('left behind');
});
