import { env } from 'cloudflare:workers';
import { beforeAll, describe, expect, it } from 'vitest';
import type { SubmissionAccepted } from '#shared/contract/videos.ts';
import { failingOn, stallingOn } from '#shared/testing/faulty-database.ts';
import { gate, until } from '#shared/testing/post-check.ts';
import {
  film,
  formOf,
  postVideo,
  recordingQueue,
  refusalOf,
  traces,
  type VideoOptions,
} from '#shared/testing/post-video.ts';
import { seedDatabase } from '#shared/testing/seeded-database.ts';
import { setBalance } from '#shared/testing/set-balance.ts';

beforeAll(seedDatabase);

type Fields = Parameters<typeof formOf>;

/** Requests with one `Idempotency-Key`, and what they have made so far. */
async function repeated() {
  const key = crypto.randomUUID();
  const before = await traces();
  const recorder = recordingQueue();
  const send = async (fields: Fields, options: VideoOptions = {}) => {
    const headers = { 'idempotency-key': key };
    const { response, body } = await postVideo(formOf(...fields), { recorder, headers, ...options });
    const isReplay = response.headers.get('idempotency-replayed') === 'true';
    const data = body.data as SubmissionAccepted | null;
    return { status: response.status, code: response.headers.get('x-error-code'), isReplay, data, response };
  };
  const made = async () => {
    const { rows, objects } = await traces();
    return {
      rows: rows - before.rows,
      objects: objects.filter((object) => !before.objects.includes(object)),
      messages: recorder.sent.map(({ submissionId }) => submissionId),
    };
  };
  return { send, made, recorder };
}

const FILM: Fields[number] = ['video_file', film()];
const keyOf = (id: string | undefined) =>
  env.DB.prepare('SELECT object_key FROM submissions WHERE id = ?').bind(id).first<string>('object_key');
const endLock = () =>
  env.DB.prepare('UPDATE idempotency_records SET locked_until_ms = 1 WHERE sealed_outcome IS NULL').run();

describe('the same submission again', () => {
  it.each<[string, Fields]>([
    ['a film', [FILM, ['model', 'mixed-10'], ['metadata', '{"a":1}']]],
    ['a URL', [['video_url', 'https://films.example.com/x.mp4']]],
  ])('gets the first answer, and its own recording goes: %s', async (_what, fields) => {
    const { send, made } = await repeated();
    const first = await send(fields);
    const after = await made();
    const again = await send(fields);
    expect([first.status, first.isReplay, again.status, again.isReplay]).toEqual([201, false, 201, true]);
    expect(again.data).toEqual(first.data);
    for (const name of ['x-moveris-model-resolved', 'x-moveris-deprecated-model']) {
      expect(again.response.headers.get(name)).toBe(first.response.headers.get(name));
    }
    expect(await made()).toEqual(after);
    const objects = fields.includes(FILM) ? [await keyOf(first.data?.submission_id)] : [];
    expect(after).toEqual({ rows: 1, objects, messages: [first.data?.submission_id] });
  });

  it('is known by its content, not by the order or the name of what is in it', async () => {
    const { send } = await repeated();
    await send([FILM, ['metadata', '{"a":1}'], ['model', 'mixed-30-v2']]);
    const again = await send([
      ['model', 'mixed-30-v2'],
      ['metadata', ' {"a": 1}'],
      ['video_file', film('a film', 'y.mov')],
    ]);
    expect(again).toMatchObject({ status: 201, isReplay: true });
  });

  it.each<[string, Fields]>([
    ['another film', [['video_file', film('another film')]]],
    ['another model', [FILM, ['model', 'mixed-30-v2']]],
    ['other metadata', [FILM, ['metadata', '{}']]],
    ['a URL', [['video_url', 'https://films.example.com/x.mp4']]],
  ])('is another one with %s', async (_what, fields) => {
    const { send, made } = await repeated();
    await send([FILM]);
    const after = await made();
    expect(await send(fields)).toMatchObject({ status: 422, code: 'idempotency_key_reused' });
    expect(await made()).toEqual(after);
  });

  it('is one submission when many come at once', async () => {
    const { send, made } = await repeated();
    const answers = await Promise.all(Array.from({ length: 6 }, () => send([FILM])));
    const taken = answers.filter(({ status }) => status === 201);
    expect(taken.length).toBeGreaterThan(0);
    for (const { status, code } of answers)
      if (status !== 201) expect([status, code]).toEqual([409, 'idempotency_in_progress']);
    const ids = [...new Set(taken.map(({ data }) => data?.submission_id))];
    expect(await made()).toEqual({ rows: 1, objects: [await keyOf(ids[0])], messages: ids });
  });

  it('gets its answer also when the credits have gone meanwhile', async () => {
    await setBalance('broke', 1);
    const { send, made } = await repeated();
    const broke = { key: 'sk-local-broke', tenant: 'broke' };
    const first = await send([FILM], broke);
    await setBalance('broke', 0);
    const after = await made();
    expect(await send([FILM], broke)).toMatchObject({ status: 201, isReplay: true, data: first.data });
    expect(await made()).toEqual(after);
    expect((await send([['video_file', film('another')]], broke)).status).toBe(422);
  });
});

describe('a key', () => {
  it('must be visible ASCII, and what came with another one goes', async () => {
    const headers = { 'idempotency-key': 'a b' };
    expect(await refusalOf(formOf(FILM), { headers })).toMatchObject({ status: 400, code: 'validation_error' });
  });

  it('is not used up by a request that was not valid, by an empty account, or by a failure of ours', async () => {
    await setBalance('broke', 0);
    const { send, made } = await repeated();
    const broke = { key: 'sk-local-broke', tenant: 'broke' };
    expect((await send([FILM, ['model', 'x']], broke)).status).toBe(400);
    expect((await send([FILM], broke)).status).toBe(402);
    await setBalance('broke', 1);
    const deadQueue = recordingQueue(() => Promise.reject(new Error('away')));
    expect((await send([FILM], { ...broke, recorder: deadQueue })).status).toBe(503);
    expect(await made()).toEqual({ rows: 0, objects: [], messages: [] });
    expect(await send([FILM], broke)).toMatchObject({ status: 201, isReplay: false });
    expect(await made()).toMatchObject({ rows: 1 });
  });
});

describe('a first request that never answered', () => {
  it('has made the submission: whoever repeats it gets that one, with its recording', async () => {
    const { send, made } = await repeated();
    // It died after the row was written and before the answer was kept.
    const died = await send([FILM], { env: { DB: failingOn(/update "idempotency_records"/i) } });
    expect(died.status).toBe(503);
    const after = await made();
    expect(after).toMatchObject({ rows: 1, messages: [expect.any(String)] });
    expect((await send([FILM])).code).toBe('idempotency_in_progress');
    await endLock();
    const retried = await send([FILM]);
    expect([retried.status, retried.isReplay, retried.data?.submission_id]).toEqual([201, false, after.messages[0]]);
    // A second message does no harm; the first one may be what was lost.
    expect(await made()).toEqual({ ...after, messages: [after.messages[0], after.messages[0]] });
    expect(after.objects).toEqual([await keyOf(after.messages[0])]);
    expect(await send([FILM])).toMatchObject({ status: 201, isReplay: true });
  });

  it('has made the submission also when that has taken the last credit', async () => {
    await setBalance('broke', 1);
    const { send, made } = await repeated();
    const broke = { key: 'sk-local-broke', tenant: 'broke' };
    await send([FILM], { ...broke, env: { DB: failingOn(/update "idempotency_records"/i) } });
    const after = await made();
    await setBalance('broke', 0);
    await endLock();
    const retried = await send([FILM], broke);
    expect([retried.status, retried.data?.submission_id]).toEqual([201, after.messages[0]]);
    expect(await made()).toEqual(after);
  });

  it('leaves what another has made in its place alone when it goes on before its row', async () => {
    const { send, made } = await repeated();
    const { opened, open } = gate();
    const stalled = send([FILM], { env: { DB: stallingOn(/insert into "submissions"/i, opened) } });
    await until(async () => (await made()).objects.length === 1);
    await until(async () => (await endLock()).meta.changes > 0);
    const retried = await send([FILM]);
    expect(retried.status).toBe(201);
    open();
    expect(await stalled).toMatchObject({ status: 409, code: 'idempotency_in_progress' });
    const { rows, objects, messages } = await made();
    expect([rows, objects]).toEqual([1, [await keyOf(retried.data?.submission_id)]]);
    expect(new Set(messages)).toEqual(new Set([retried.data?.submission_id]));
  });

  it('leaves the recording that is in use alone when it goes on after its row', async () => {
    const { send, made } = await repeated();
    const { opened, open } = gate();
    let isAsked = false;
    const held = recordingQueue(async () => {
      isAsked = true;
      await opened;
    });
    const stalled = send([FILM], { recorder: held });
    await until(() => isAsked);
    await endLock();
    const retried = await send([FILM]);
    expect(retried.status).toBe(201);
    const after = await made();
    open();
    expect(await stalled).toMatchObject({ status: 409, code: 'idempotency_in_progress' });
    expect(await made()).toEqual(after);
    expect([after.rows, after.objects]).toEqual([1, [await keyOf(retried.data?.submission_id)]]);
  });
});
