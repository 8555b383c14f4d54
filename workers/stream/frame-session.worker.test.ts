import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { seedDatabase } from '#shared/testing/seeded-database.ts';
import { stubInference } from '#shared/testing/stub-inference.ts';
import { FrameSession } from './frame-session.ts';
import { booksOfSession, NOTHING_ON_DISK, ONE_OF_EACH } from './testing/in-session.ts';
import { BROKE, requestsOf, span } from './testing/session-requests.ts';

beforeAll(seedDatabase);
afterEach(() => vi.useRealTimers());

const { FRAME_SESSION } = env;
type Stub = DurableObjectStub<FrameSession>;

const later = (ms: number) => vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + ms });

/** What would be there after a crash. */
function onDisk(stub: Stub) {
  return runInDurableObject(stub, async (_instance, { storage }) => ({
    keys: [...(await storage.list()).keys()],
    alarm: await storage.getAlarm(),
  }));
}

describe('the FrameSession object', () => {
  it('goes on after an eviction in the middle, and leaves nothing behind at its verdict', async () => {
    const { session, begin, add } = requestsOf();
    const stub = FRAME_SESSION.getByName(session.sessionId);
    for (const index of span(0, 6)) {
      expect(await stub.begin(begin(index))).toMatchObject({ ok: true, state: 'open', wanted: [index] });
      expect(await stub.add(add([index]))).toMatchObject({ ok: true, state: 'open' });
    }
    await evictDurableObject(stub);
    expect(await stub.progress()).toMatchObject({ framesReceived: 6, framesRequired: 10 });
    expect(await stub.begin(begin(5))).toMatchObject({ state: 'open', wanted: [] });
    for (const index of span(6, 9)) await stub.add(add([index]));
    await evictDurableObject(stub);
    const last = await stub.add(add([9]));
    expect(last).toMatchObject({ ok: true, state: 'done', result: { frames_processed: 10 } });
    // Nobody waits for it, so the answer may be quicker.
    await vi.waitFor(async () => expect(await onDisk(stub)).toEqual(NOTHING_ON_DISK));
    await evictDurableObject(stub);
    expect(await onDisk(stub)).toEqual(NOTHING_ON_DISK);
    // As JSON, the way it was stored and goes out: that knows no -0, which a cue may come to.
    for (const late of [await stub.begin(begin(2)), await stub.add(add([2]))]) {
      expect(JSON.stringify(late)).toBe(JSON.stringify(last));
    }
    expect(await onDisk(stub)).toEqual(NOTHING_ON_DISK);
    expect(await booksOfSession(session.sessionId)).toEqual(ONE_OF_EACH);
  });

  it('is rung a minute after the last frame, and leaves nothing behind', async () => {
    const { session, add } = requestsOf();
    const stub = FRAME_SESSION.getByName(session.sessionId);
    await stub.add(add([0]));
    await stub.add(add([1]));
    const { keys, alarm } = await onDisk(stub);
    expect(keys).toEqual(['facts', 'frame:0', 'frame:1']);
    expect(alarm).toBeGreaterThan(Date.now() + 50_000);
    expect(alarm).toBeLessThanOrEqual(Date.now() + 60_000);
    await evictDurableObject(stub);
    later(61_000);
    expect(await runDurableObjectAlarm(stub)).toBe(true);
    expect(await onDisk(stub)).toEqual(NOTHING_ON_DISK);
    expect(await stub.progress()).toBeNull();
    expect(await runDurableObjectAlarm(stub)).toBe(false);
    expect(await stub.add(add([1]))).toMatchObject({ state: 'open', progress: { framesReceived: 1 } });
    expect((await onDisk(stub)).alarm).not.toBeNull();
  });

  it('forgets nothing when its alarm rings early, and sets it anew', async () => {
    const { session, add } = requestsOf();
    const stub = FRAME_SESSION.getByName(session.sessionId);
    await stub.add(add([0]));
    const first = (await onDisk(stub)).alarm ?? 0;
    later(30_000);
    await stub.add(add([1]));
    expect((await onDisk(stub)).alarm).toBe(first);
    expect(await runDurableObjectAlarm(stub)).toBe(true);
    expect((await onDisk(stub)).alarm).toBeGreaterThanOrEqual(first + 30_000);
    await evictDurableObject(stub);
    expect(await stub.progress()).toMatchObject({ framesReceived: 2 });
  });

  it('writes nothing for a session that is only asked about', async () => {
    const { session, begin } = requestsOf();
    const stub = FRAME_SESSION.getByName(session.sessionId);
    expect(await stub.progress()).toBeNull();
    await stub.begin(begin(0));
    expect(await onDisk(stub)).toEqual(NOTHING_ON_DISK);
  });

  it('answers a refusal as data', async () => {
    const { session, begin, add } = requestsOf();
    const stub = FRAME_SESSION.getByName(session.sessionId);
    await stub.add(add([0]));
    const other = { ...begin(), frames: [{ index: 0, digest: 'another' }] };
    expect(await stub.begin(other)).toMatchObject({ ok: false, error: { code: 'session_conflict' } });
    const poor = requestsOf({ of: BROKE });
    const poorStub = FRAME_SESSION.getByName(poor.session.sessionId);
    const error = { code: 'insufficient_credits', required: 1, available: 0 };
    expect(await poorStub.begin(poor.begin(0))).toMatchObject({ ok: false, error });
    expect(await poorStub.add(poor.add([0]))).toMatchObject({ ok: false, error });
    expect(await onDisk(poorStub)).toEqual(NOTHING_ON_DISK);
  });

  it('answers an outage of the database as data, and throws what is a fault', async () => {
    const { begin } = requestsOf();
    const answerOf = (message: string) =>
      runInDurableObject(FRAME_SESSION.getByName(crypto.randomUUID()), async (_instance, state) => {
        const failing = () => {
          throw new Error(message);
        };
        const DB = new Proxy(env.DB, { get: () => failing });
        const session = new FrameSession(state, {
          DB,
          INFERENCE: stubInference().service,
          WEBHOOK_JOBS: env.WEBHOOK_JOBS,
        });
        return await session.begin(begin(0));
      });
    expect(await answerOf('D1_ERROR: Network connection lost.')).toMatchObject({
      ok: false,
      error: { code: 'service_unavailable', retryAfterSeconds: 5 },
    });
    await expect(answerOf('D1_ERROR: no such table: x: SQLITE_ERROR')).rejects.toThrow();
  });
});
