import { evictDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { frames, gate, inChunks } from '#shared/testing/post-check.ts';
import { seedDatabase } from '#shared/testing/seeded-database.ts';
import { JUDGEMENT, stubInference } from '#shared/testing/stub-inference.ts';
import {
  batch,
  booksOfSession,
  FAST,
  LIVE,
  NONE,
  ONE_OF_EACH,
  progressIn,
  refusalOf,
  UPLOAD,
  uploadSession,
  verdictIn,
} from './testing/upload-session.ts';

beforeAll(seedDatabase);

const ACME_ID = 'a0000000-0000-4000-8000-000000000001';
const names = (count: number) => Array.from({ length: count }, (_, index) => `frame ${index}`);
const cut = (count: number, size: number) =>
  Array.from({ length: Math.ceil(count / size) }, (_, i) => batch(i * size, Math.min(count, (i + 1) * size)));

describe('frames first, the verdict later', () => {
  it('counts over all batches, and gives one verdict to whoever asks', async () => {
    const session = uploadSession();
    const { sessionId, inference } = session;
    const progress = { session_id: sessionId, frames_required: 10, ttl_seconds: 60, stored_durable: true };
    expect(progressIn(await session.upload(batch(0, 4)))).toEqual({
      ...progress,
      frames_received: 4,
      is_complete: false,
    });
    expect(progressIn(await session.upload(batch(4, 9)))).toMatchObject({ frames_received: 9, is_complete: false });
    expect(progressIn(await session.upload(batch(9, 10)))).toEqual({
      ...progress,
      frames_received: 10,
      is_complete: true,
    });
    expect(inference.judged).toEqual([]);
    expect(await booksOfSession(sessionId)).toEqual(NONE);

    const answer = await session.check();
    expect(answer.response.headers.get('x-moveris-model-resolved')).toBe('10');
    const verdict = verdictIn(answer);
    expect(verdict).toMatchObject({
      verdict: 'live',
      real_score: 0.95,
      session_id: sessionId,
      model: '10',
      input_source: 'rest_frames',
      frames_processed: 10,
      warnings: null,
    });
    expect(verdict).not.toHaveProperty('diagnostics');
    expect(inference.judgedPictures()).toEqual([names(10)]);
    expect(await booksOfSession(sessionId)).toEqual(ONE_OF_EACH);

    expect(verdictIn(await session.check())).toEqual(verdict);
    const diagnostics = [{ cue: 'texture', value: 0.95, speaks_for: 'live', advice: null }];
    expect(verdictIn(await session.check({}, LIVE))).toEqual({ ...verdict, diagnostics });
    expect(verdictIn(await session.check({ diagnostics: true }))).toEqual({ ...verdict, diagnostics });
    expect(inference.judged).toHaveLength(1);
    expect(await booksOfSession(sessionId)).toEqual(ONE_OF_EACH);
  });

  it('analyses nothing of a session that has its verdict', async () => {
    const session = uploadSession();
    await session.upload(batch(0, 10));
    await session.check();
    const decided = {
      session_id: session.sessionId,
      frames_received: 10,
      frames_required: 10,
      is_complete: true,
      ttl_seconds: 0,
      stored_durable: true,
    };
    expect(progressIn(await session.upload(batch(0, 4)))).toEqual(decided);
    const { session_id, ...others } = session.bodyOf(batch(0, 4));
    expect(session.inference.pictures()).toHaveLength(10);
    // Which session it is, is known too late to save the work; the answer is the same.
    expect(progressIn(await session.post(UPLOAD, { ...others, session_id }))).toEqual(decided);
    expect(await booksOfSession(session.sessionId)).toEqual(ONE_OF_EACH);
  });

  it.each([
    ['10', 10, 1],
    ['10', 10, 10],
    ['mixed-30-v3_1_1', 30, 7],
    ['mixed-120-v2', 120, 50],
    ['mixed-120-v2', 120, 120],
  ])('as %s: %d frames in batches of %d', async (model, count, size) => {
    const session = uploadSession({ model });
    const batches = cut(count, size);
    for (const one of batches) await session.upload(one);
    expect(verdictIn(await session.check())).toMatchObject({ model, frames_processed: count });
    expect(session.inference.judgedPictures()).toEqual([names(count)]);
    // The place in the recording says how closely a picture is looked at, whichever batch it comes in.
    const sent = session.inference.analysed.flatMap(({ pictures }) => pictures.map(({ ordinal }) => ordinal));
    expect(sent).toEqual(names(count).map((_, index) => index));
    expect(await booksOfSession(session.sessionId)).toEqual(ONE_OF_EACH);
  });

  it('takes batches in any order, all at once, and in each any order of frames', async () => {
    const session = uploadSession({ model: 'mixed-30-v2' });
    const batches = cut(30, 4)
      .map((one) => one.toReversed())
      .toReversed();
    const answers = await Promise.all(batches.map((one) => session.upload(one)));
    const received = answers.map((answer) => progressIn(answer).frames_received);
    expect(Math.max(...received)).toBe(30);
    expect(verdictIn(await session.check())).toMatchObject({ frames_processed: 30 });
    expect(session.inference.judgedPictures()).toEqual([names(30)]);
    expect(await booksOfSession(session.sessionId)).toEqual(ONE_OF_EACH);
  });

  it('may have its members after the frames', async () => {
    const session = uploadSession();
    const { frames: _, ...members } = session.bodyOf([]);
    const late = await session.post(UPLOAD, { frames: batch(0, 6), ...members });
    expect(progressIn(late)).toMatchObject({ frames_received: 6, frames_required: 10 });
    const text = JSON.stringify({ model: '10', frames: batch(6, 10), session_id: session.sessionId });
    expect(progressIn(await session.post(UPLOAD, inChunks(text, 7)))).toMatchObject({ frames_received: 10 });
    expect(verdictIn(await session.check())).toMatchObject({ frames_processed: 10 });
  });

  it('chooses the model by version and frame_count', async () => {
    const headers = { 'x-model-version': 'latest' };
    const session = uploadSession({ model: 'nonsense' }, { headers });
    await session.upload(batch(0, 5), { frame_count: 10 });
    const last = await session.upload(batch(5, 10), { frame_count: 10 });
    expect(last.response.headers.get('x-moveris-model-resolved')).toBe('mixed-10-v2');
    expect(verdictIn(await session.check({ frame_count: 10 }, LIVE))).toMatchObject({ model: 'mixed-10-v2' });
  });
});

describe('what was said', () => {
  it.each([
    ['with the upload', { fps: 30 }, {}],
    ['with the check', {}, { fps: 30 }],
    ['first with the upload', { fps: 30 }, { fps: 25 }],
  ])('about fps %s counts, and a hybrid model needs it', async (_name, uploaded, checked) => {
    const session = uploadSession({ model: 'hybrid-v2-50' });
    await session.upload(batch(0, 50), uploaded);
    expect(verdictIn(await session.check(checked))).toMatchObject({ model: 'hybrid-v2-50' });
    expect(session.inference.judged.map(({ fps }) => fps)).toEqual([30]);
  });

  it('nowhere about fps is missed, and can be said still', async () => {
    const session = uploadSession({ model: 'hybrid-v2-50' });
    await session.upload(batch(0, 50));
    expect(refusalOf(await session.check())).toEqual({
      status: 400,
      code: 'missing_field',
      message: 'fps is required',
    });
    expect(verdictIn(await session.check({ fps: 30 }))).toMatchObject({ frames_processed: 50 });
    expect(await booksOfSession(session.sessionId)).toEqual(ONE_OF_EACH);
  });

  it('as warnings, metadata and source is gathered over all requests', async () => {
    const session = uploadSession();
    await session.upload(batch(0, 5), { warnings: ['dark', 'far'] });
    await session.upload(batch(5, 10), { warnings: ['dark', 'blurred'] });
    const asked = { warnings: ['blurred', 'tilted'], metadata: { order: 7 }, bg_segmentation: true };
    const verdict = verdictIn(await session.check(asked));
    expect(verdict.warnings).toEqual(['dark', 'far', 'blurred', 'tilted']);
    expect(verdictIn(await session.check({ warnings: ['late'] }))).toEqual(verdict);
    const row = await env.DB.prepare(
      'SELECT operation, source, metadata, bg_segmentation FROM verifications WHERE session_id = ?',
    )
      .bind(session.sessionId)
      .first();
    expect(row).toEqual({ operation: 'v2Check', source: 'live', metadata: '{"order":7}', bg_segmentation: 1 });
  });
});

describe('the same again', () => {
  it('is counted once, alone, among others and at once', async () => {
    const session = uploadSession();
    await session.upload(batch(0, 4));
    expect(progressIn(await session.upload(batch(0, 4)))).toMatchObject({ frames_received: 4 });
    expect(progressIn(await session.upload(batch(2, 7)))).toMatchObject({ frames_received: 7 });
    const twice = await Promise.all([session.upload(batch(5, 10)), session.upload(batch(5, 10))]);
    for (const answer of twice) expect(progressIn(answer)).toMatchObject({ frames_received: 10 });
    expect(verdictIn(await session.check())).toMatchObject({ frames_processed: 10 });
  });

  it('asked for at once, on both routes, is one verdict and one charge', async () => {
    const { opened, open } = gate();
    const judge = async () => {
      await opened;
      return { ok: true, judgement: JUDGEMENT } as const;
    };
    const inference = stubInference({ judge });
    const session = uploadSession({}, { inference });
    await session.upload(batch(0, 10));
    const asking = [session.check(), session.check(), session.check({}, LIVE), session.upload(batch(3, 5))];
    setTimeout(open, 100);
    const [first, second, live, uploaded] = await Promise.all(asking);
    if (!first || !second || !live || !uploaded) throw new Error('four were asked');
    expect(verdictIn(second)).toEqual(verdictIn(first));
    expect(verdictIn(live)).toMatchObject(verdictIn(first));
    expect(progressIn(uploaded)).toMatchObject({ frames_received: 10, is_complete: true, ttl_seconds: 0 });
    expect(await booksOfSession(session.sessionId)).toEqual(ONE_OF_EACH);
  });

  it('with an Idempotency-Key is the first answer', async () => {
    const session = uploadSession();
    const once = { headers: { 'idempotency-key': crypto.randomUUID() } };
    const first = await session.upload(batch(0, 4), {}, once);
    await session.upload(batch(4, 6));
    const again = await session.upload(batch(0, 4), {}, once);
    expect(progressIn(again)).toEqual(progressIn(first));
    expect(again.response.headers.get('idempotency-replayed')).toBe('true');
    expect((await session.upload(batch(0, 5), {}, once)).response.status).toBe(422);
    expect(await session.buffered()).toBe(6);
  });
});

describe('a check in the middle of an upload', () => {
  it('is on all frames that were received, and the upload hears of the verdict', async () => {
    const { opened, open } = gate();
    let isHeld = false;
    const stub = stubInference();
    const inference = stubInference({
      compareFaces: async (request) => {
        if (isHeld) await opened;
        return stub.service.compareFaces(request);
      },
    });
    const session = uploadSession({}, { inference });
    await session.upload(batch(0, 5));
    isHeld = true;
    const uploading = session.upload(batch(5, 10));
    await vi.waitFor(async () => expect(await session.buffered()).toBe(10));
    expect(verdictIn(await session.check())).toMatchObject({ frames_processed: 10 });
    open();
    expect(progressIn(await uploading)).toMatchObject({ is_complete: true, ttl_seconds: 0 });
    expect(await booksOfSession(session.sessionId)).toEqual(ONE_OF_EACH);
  });
});

describe('an eviction', () => {
  it('loses nothing that was answered for', async () => {
    const session = uploadSession({ model: 'mixed-30-v2' });
    const evict = () => evictDurableObject(env.FRAME_SESSION.getByName(`${ACME_ID}:${session.sessionId}`));
    await session.upload(batch(0, 13), { warnings: ['dark'] });
    await evict();
    expect(progressIn(await session.upload(batch(20, 30)))).toMatchObject({ frames_received: 23 });
    await evict();
    expect(progressIn(await session.upload(batch(13, 20)))).toMatchObject({ frames_received: 30 });
    await evict();
    const verdict = verdictIn(await session.check());
    expect(verdict).toMatchObject({ frames_processed: 30, warnings: ['dark'] });
    expect(session.inference.judgedPictures()).toEqual([names(30)]);
    await evict();
    expect(verdictIn(await session.check())).toEqual(verdict);
    expect(progressIn(await session.upload(batch(0, 3)))).toMatchObject({ frames_received: 30, ttl_seconds: 0 });
    expect(await booksOfSession(session.sessionId)).toEqual(ONE_OF_EACH);
  });
});

describe('another organisation', () => {
  it('with the same session_id has another session', async () => {
    const session = uploadSession();
    await session.upload(batch(0, 10));
    const globex = { key: 'sk-local-globex' };
    expect(refusalOf(await session.check({}, FAST, globex))).toMatchObject({ code: 'insufficient_frames' });
    expect(progressIn(await session.upload(frames(3, 'other'), {}, globex))).toMatchObject({ frames_received: 3 });
    expect(await session.buffered()).toBe(10);
    expect(verdictIn(await session.check())).toMatchObject({ frames_processed: 10 });
    expect(session.inference.judgedPictures()).toEqual([names(10)]);
    expect((await session.check({}, FAST, globex)).body).toMatchObject({ required: 10, received: 3 });
  });
});
