import { env } from 'cloudflare:workers';
import { beforeAll, describe, expect, it } from 'vitest';
import { MAX_PIXELS_LENGTH } from '#shared/contract/checks.ts';
import { frames, inChunks } from '#shared/testing/post-check.ts';
import { seedDatabase } from '#shared/testing/seeded-database.ts';
import { picture, stubInference } from '#shared/testing/stub-inference.ts';
import { batch, progressIn, refusalOf, UPLOAD, uploadSession } from './testing/upload-session.ts';

beforeAll(seedDatabase);

const BEYOND = { status: 400, code: 'invalid_frame', message: 'Frame index 10 exceeds maximum 9 for model "10"' };
const fieldsOf = ({ body }: Awaited<ReturnType<ReturnType<typeof uploadSession>['upload']>>) =>
  body.errors?.flatMap((error) => Object.keys(error));

function withPixels(index: number, pixels: string) {
  return frames(10).map((frame) => (frame.index === index ? { ...frame, pixels } : frame));
}

describe('a batch that is not in order leaves nothing behind, and comes again without harm', () => {
  it.each([
    ['not_a_picture', 4, 'is no PNG, JPEG or WebP picture'],
    ['damaged', 0, 'is a damaged picture'],
    ['damaged', 9, 'is a damaged picture'],
    ['too_large', 4, 'is too large a picture'],
    ['too_small', 4, 'is too small a picture'],
  ])('with a picture that is %s, at %d', async (problem, index, complaint) => {
    const session = uploadSession();
    const message = `Frame index ${index} ${complaint}. No frame of the batch was counted; send all again.`;
    const refusal = { status: 400, code: 'invalid_frame', message };
    expect(refusalOf(await session.upload(withPixels(index, picture(problem))))).toEqual(refusal);
    expect(await session.buffered()).toBe(0);
    expect(progressIn(await session.upload(batch(0, 10)))).toMatchObject({ frames_received: 10 });
  });

  it.each([
    ['the last', 9],
    ['one in the middle', 4],
  ])('with pixels that are no base64 in %s', async (_name, index) => {
    const session = uploadSession();
    const refusal = refusalOf(await session.upload(withPixels(index, '***')));
    expect(refusal).toMatchObject({ status: 400, code: 'invalid_frame' });
    expect(refusal.message).toContain(`Frame index ${index} is no PNG`);
    expect(await session.buffered()).toBe(0);
  });

  it('with an index beyond the last, wherever it and the model stand', async () => {
    const session = uploadSession();
    await session.upload(batch(0, 3));
    const { frames: _, ...members } = session.bodyOf([]);
    for (const all of [batch(0, 11), batch(0, 11).toReversed()]) {
      expect(refusalOf(await session.upload(all))).toEqual(BEYOND);
      expect(refusalOf(await session.post(UPLOAD, { frames: all, ...members }))).toEqual(BEYOND);
    }
    expect(await session.buffered()).toBe(3);
  });

  it('is not read to its end when an index is beyond the last', async () => {
    const session = uploadSession();
    const [, beyond] = batch(9, 11);
    await session.upload([beyond, ...batch(0, 9)]);
    expect(session.inference.pictures().length).toBeLessThan(3);
  });

  it.each([
    ['an index that comes twice', [...batch(0, 3), ...batch(2, 3)], 'frames.3.index must not come twice: 2', []],
    ['a frame without pixels', [{ index: 0, timestamp_ms: 0 }], 'frames.0.pixels is required', []],
    ['a frame without an index', [{ timestamp_ms: 0, pixels: picture('a') }], 'frames.0.index is required', []],
    ['a frame that is none', [null, 7], 'frames.0 must be an object', ['frames.1']],
    ['landmarks that are none', [{ ...batch(0, 1)[0], landmarks: 7 }], 'frames.0.landmarks must be an array', []],
    ['no frames', [], 'frames must have at least 1 item', []],
    ['frames that are no array', 'none', 'frames must be an array', []],
    ['frames that are not there', undefined, 'frames is required', []],
  ])('with %s', async (_name, some, message, others) => {
    const session = uploadSession();
    const answer = await session.upload(some);
    expect(answer.response.status).toBe(400);
    expect(answer.body.message).toBe(message);
    expect(fieldsOf(answer)).toEqual([message.split(' ')[0], ...others]);
    expect(await session.buffered()).toBe(0);
  });

  it('with a frame that is too large', async () => {
    const session = uploadSession();
    const answer = await session.upload([...batch(0, 2), { index: 2, timestamp_ms: 0, pixels: 'A'.repeat(9e6) }]);
    const message = `frames.2.pixels must have at most ${MAX_PIXELS_LENGTH} characters`;
    expect(refusalOf(answer)).toEqual({ status: 400, code: 'validation_error', message });
    expect(await session.buffered()).toBe(0);
  });

  it.each([
    ['a session_id that is none', { session_id: 'mine' }, 'session_id must be a valid uuid'],
    ['another source', { source: 'dream' }, 'source must be one of media, live'],
    ['fps of nothing', { fps: 0 }, 'fps must be more than 0'],
    ['warnings that are none', { warnings: 'dark' }, 'warnings must be an array'],
    ['an unknown model', { model: 'best' }, /^Unknown model/],
  ])('with %s, and nothing is analysed', async (_name, different, message) => {
    const session = uploadSession();
    const { status, message: told } = refusalOf(await session.upload(batch(0, 5), different));
    expect(status).toBe(400);
    expect(told).toMatch(message);
    expect(session.inference.analysed).toEqual([]);
    expect(await session.buffered()).toBe(0);
  });

  it('without a session_id', async () => {
    const answer = await uploadSession().upload(batch(0, 5), { session_id: undefined });
    expect(refusalOf(answer)).toEqual({ status: 400, code: 'missing_field', message: 'session_id is required' });
  });

  it('that breaks off', async () => {
    const session = uploadSession();
    const text = JSON.stringify(session.bodyOf(batch(0, 10)));
    const broken = await session.post(UPLOAD, inChunks(text.slice(0, 600), 50, true));
    expect(refusalOf(broken)).toEqual({ status: 400, code: 'invalid_json', message: 'The body broke off' });
    expect(session.inference.analysed.length).toBeGreaterThan(0);
    expect(refusalOf(await session.post(UPLOAD, text.slice(0, -1)))).toMatchObject({ code: 'invalid_json' });
    expect(await session.buffered()).toBe(0);
    expect(progressIn(await session.post(UPLOAD, text))).toMatchObject({ frames_received: 10 });
  });

  it('that is too large, or no JSON', async () => {
    const session = uploadSession();
    const declared = { headers: { 'content-length': `${101 * 1024 * 1024}` } };
    expect(refusalOf(await session.post(UPLOAD, '{}', declared))).toMatchObject({ code: 'payload_too_large' });
    const members = await session.upload(batch(0, 3), { metadata: { note: 'x'.repeat(70_000) } });
    expect(refusalOf(members)).toMatchObject({ status: 413, code: 'payload_too_large' });
    const form = { headers: { 'content-type': 'text/plain' } };
    expect(refusalOf(await session.post(UPLOAD, '{}', form))).toMatchObject({ code: 'unsupported_media_type' });
    expect(await session.buffered()).toBe(0);
  });

  it('of which inference can do only a part', async () => {
    const good = stubInference();
    let calls = 0;
    const inference = stubInference({
      analyseFrames: async (request) => {
        calls += 1;
        return calls === 2 ? { ok: false, reason: 'no memory' } : good.service.analyseFrames(request);
      },
    });
    const session = uploadSession({}, { inference });
    expect(refusalOf(await session.upload(batch(0, 10)))).toMatchObject({ status: 503, code: 'service_unavailable' });
    expect(await session.buffered()).toBe(0);
    expect(progressIn(await session.upload(batch(0, 10)))).toMatchObject({ frames_received: 10 });
  });
});

describe('a session', () => {
  it('holds one picture for each index, and a batch with another is not taken at all', async () => {
    const session = uploadSession();
    await session.upload(batch(0, 4));
    const other = batch(2, 8).map((frame) => (frame.index === 3 ? { ...frame, pixels: picture('another') } : frame));
    const refusal = refusalOf(await session.upload(other));
    expect(refusal).toMatchObject({ status: 409, code: 'session_conflict' });
    expect(refusal.message).toContain('Frame index 3 was received before');
    expect(await session.buffered()).toBe(4);
    expect(progressIn(await session.upload(batch(2, 8)))).toMatchObject({ frames_received: 8 });
  });

  it.each([
    ['model', {}, { model: 'mixed-10-v2' }, undefined, undefined],
    ['X-Model-Version', {}, {}, undefined, 'latest'],
    ['X-Model-Version', { frame_count: 10 }, { frame_count: 10 }, 'latest', 'fast'],
    ['frame_count', { frame_count: 10 }, { frame_count: 30 }, 'latest', 'latest'],
  ])('keeps to its %s', async (field, first, then, firstVersion, thenVersion) => {
    const versionOf = (version: string | undefined) => (version ? { headers: { 'x-model-version': version } } : {});
    const session = uploadSession();
    await session.upload(batch(0, 4), first, versionOf(firstVersion));
    const analysed = session.inference.pictures().length;
    const changed = { frame_count: 10, ...then };
    const answer = await session.upload(batch(4, 8), changed, versionOf(thenVersion));
    const message = `${field} must stay the same within a session`;
    expect(refusalOf(answer)).toEqual({ status: 400, code: 'validation_error', message });
    expect(fieldsOf(answer)).toEqual([field]);
    expect(session.inference.pictures()).toHaveLength(analysed);
    expect(await session.buffered()).toBe(4);
  });

  it('keeps to its door', async () => {
    const session = uploadSession();
    const [frame] = batch(0, 1);
    await session.post('/api/v1/fast-check-stream', { session_id: session.sessionId, model: '10', frame });
    const refusal = { status: 409, code: 'session_conflict' };
    expect(refusalOf(await session.upload(batch(1, 4)))).toMatchObject(refusal);
    expect(refusalOf(await session.check())).toMatchObject(refusal);
    expect(session.inference.pictures()).toHaveLength(1);
  });
});

describe('an organisation without credits', () => {
  const broke = { key: 'sk-local-broke' };

  it('costs no analysis, wherever the members stand', async () => {
    const session = uploadSession({}, broke);
    const { frames: some, session_id, model } = session.bodyOf(batch(0, 10));
    for (const body of [
      { session_id, model, frames: some },
      { frames: some, session_id, model },
      { model, frames: some, session_id },
      { session_id, frames: some },
    ]) {
      const refusal = { status: 402, code: 'insufficient_credits' };
      expect(refusalOf(await session.post(UPLOAD, body))).toMatchObject(refusal);
    }
    expect(session.inference.analysed).toEqual([]);
  });

  it('hears first of what is wrong with its body', async () => {
    const session = uploadSession({}, broke);
    expect(refusalOf(await session.upload([...batch(0, 2), 7]))).toMatchObject({ code: 'validation_error' });
    expect(refusalOf(await session.upload(batch(0, 11)))).toEqual(BEYOND);
  });

  it('that becomes one after its first frame hears of it with the check', async () => {
    const session = uploadSession({}, { key: 'sk-local-globex' });
    const credits = (balance: number) =>
      env.DB.prepare(`UPDATE organisations SET credit_balance = ? WHERE slug = 'globex'`).bind(balance).run();
    await session.upload(batch(0, 10));
    await credits(0);
    expect(refusalOf(await session.check())).toMatchObject({ status: 402, code: 'insufficient_credits' });
    expect(refusalOf(await session.check())).toMatchObject({ status: 402, code: 'insufficient_credits' });
    await credits(100);
    expect((await session.check()).body.data).toMatchObject({ verdict: 'live', frames_processed: 10 });
  });
});
