import { evictDurableObject, runDurableObjectAlarm } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import type { JudgeResult } from '#shared/rpc/inference.ts';
import { callJson } from '#shared/testing/call-gateway.ts';
import { ACME, gate } from '#shared/testing/post-check.ts';
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
afterEach(() => vi.useRealTimers());

const ACME_ID = 'a0000000-0000-4000-8000-000000000001';
const later = (ms: number) => vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + ms });
const objectOf = (sessionId: string) => env.FRAME_SESSION.getByName(`${ACME_ID}:${sessionId}`);

describe('a check', () => {
  it('of too few frames says how many there are', async () => {
    const session = uploadSession();
    const none = await session.check();
    expect(refusalOf(none)).toMatchObject({ status: 400, code: 'insufficient_frames' });
    expect(none.body).toMatchObject({ required: 10, received: 0 });
    await session.upload(batch(0, 9));
    const few = await session.check({}, LIVE);
    expect(refusalOf(few)).toEqual({
      status: 400,
      code: 'insufficient_frames',
      message: 'Insufficient frames. Model "10" requires 10 frames, received 9.',
    });
    expect(few.body).toMatchObject({ required: 10, received: 9 });
    await session.upload(batch(9, 10));
    expect(verdictIn(await session.check())).toMatchObject({ frames_processed: 10 });
  });

  it.each([
    ['another model', { model: 'mixed-10-v2' }, {}, 'model must stay the same within a session'],
    ['a version', { frame_count: 10 }, { 'x-model-version': 'v2' }, 'X-Model-Version must stay the same'],
    ['a version without frame_count', {}, { 'x-model-version': 'v2' }, 'frame_count is required'],
    ['no session_id', { session_id: undefined }, {}, 'session_id is required'],
    ['metadata that is none', { metadata: 7 }, {}, 'metadata must be'],
  ])('that asks for %s is refused', async (_name, different, headers, message) => {
    const session = uploadSession();
    await session.upload(batch(0, 10));
    const refusal = refusalOf(await session.check(different, FAST, { headers }));
    expect(refusal.status).toBe(400);
    expect(refusal.message).toContain(message);
    expect(await booksOfSession(session.sessionId)).toEqual(NONE);
    expect(verdictIn(await session.check())).toMatchObject({ verdict: 'live' });
  });

  it.each([
    ['in the same life of the object', false],
    ['in the next', true],
  ])('that inference fails costs nothing, and can be asked for again %s', async (_name, isEvicted) => {
    const answers: JudgeResult[] = [{ ok: false, reason: 'no memory' }];
    const inference = stubInference({ judge: async () => answers.pop() ?? { ok: true, judgement: JUDGEMENT } });
    const session = uploadSession({}, { inference });
    await session.upload(batch(0, 10));
    expect(refusalOf(await session.check())).toMatchObject({ status: 503, code: 'service_unavailable' });
    expect(await booksOfSession(session.sessionId)).toEqual(NONE);
    if (isEvicted) await evictDurableObject(objectOf(session.sessionId));
    expect(await session.buffered()).toBe(10);
    expect(verdictIn(await session.check())).toMatchObject({ verdict: 'live', frames_processed: 10 });
    expect(await booksOfSession(session.sessionId)).toEqual(ONE_OF_EACH);
  });

  it('that inference fails fails all who asked at once', async () => {
    const { opened, open } = gate();
    let calls = 0;
    const judge = async (): Promise<JudgeResult> => {
      calls += 1;
      await opened;
      return calls === 1 ? { ok: false, reason: 'no memory' } : { ok: true, judgement: JUDGEMENT };
    };
    const session = uploadSession({}, { inference: stubInference({ judge }) });
    await session.upload(batch(0, 10));
    const asking = [session.check(), session.check({}, LIVE)];
    setTimeout(open, 100);
    for (const answer of await Promise.all(asking)) expect(answer.response.status).toBe(503);
    expect(calls).toBe(1);
    expect(verdictIn(await session.check({}, LIVE))).toMatchObject({ verdict: 'live' });
    expect(await booksOfSession(session.sessionId)).toEqual(ONE_OF_EACH);
  });

  it('after the minute is over finds nothing, and the frames can be sent again', async () => {
    const session = uploadSession();
    await session.upload(batch(0, 10));
    await evictDurableObject(objectOf(session.sessionId));
    later(61_000);
    expect(await runDurableObjectAlarm(objectOf(session.sessionId))).toBe(true);
    const refusal = refusalOf(await session.check());
    expect(refusal.code).toBe('insufficient_frames');
    expect(refusal.message).toContain('kept for 60 seconds');
    expect(progressIn(await session.upload(batch(0, 10)))).toMatchObject({ frames_received: 10 });
    expect(verdictIn(await session.check())).toMatchObject({ frames_processed: 10 });
  });
});

describe('a batch that arrives slowly', () => {
  it('keeps the session from being forgotten meanwhile', async () => {
    const session = uploadSession();
    await session.upload(batch(0, 5));
    const begun: number[] = [];
    const FRAME_SESSION = new Proxy(session.bindings.FRAME_SESSION, {
      get: (target, property) => (name: string) => {
        if (property !== 'getByName') throw new Error(`not expected: ${String(property)}`);
        const stub = target.getByName(name);
        const begin: typeof stub.begin = (request) => {
          begun.push(Date.now());
          return stub.begin(request);
        };
        return { ...stub, begin };
      },
    });
    const bytes = new TextEncoder().encode(JSON.stringify(session.bodyOf(batch(5, 10))));
    const startMs = Date.now();
    let at = 0;
    // Ten pieces, ten seconds each.
    const size = Math.ceil(bytes.length / 10);
    const body = new ReadableStream<Uint8Array>({
      pull(controller) {
        if (at > 0) later(10_000);
        if (at < bytes.length) controller.enqueue(bytes.slice(at, at + size));
        else controller.close();
        at += size;
      },
    });
    const options = { method: 'POST', key: ACME, body, env: { ...session.bindings, FRAME_SESSION } };
    const answer = await callJson(UPLOAD, options);
    expect(progressIn(answer)).toMatchObject({ frames_received: 10, is_complete: true });
    expect(Date.now() - startMs).toBeGreaterThanOrEqual(100_000);
    const moments = [startMs, ...begun, Date.now()];
    const pauses = moments.slice(1).map((ms, i) => ms - (moments[i] ?? 0));
    expect(Math.max(...pauses)).toBeLessThanOrEqual(45_000);
  });
});
