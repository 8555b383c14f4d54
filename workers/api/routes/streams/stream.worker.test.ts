import { createExecutionContext, waitOnExecutionContext } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { beforeAll, describe, expect, it } from 'vitest';
import { ACME, booksOf, gate, until } from '#shared/testing/post-check.ts';
import { dataOf, STREAM, streamOf } from '#shared/testing/post-frame.ts';
import { seedDatabase } from '#shared/testing/seeded-database.ts';
import { JUDGEMENT, picture, stubInference } from '#shared/testing/stub-inference.ts';
import { createApp } from '../../app.ts';
import type { GatewayEnv } from '../../env.ts';

beforeAll(seedDatabase);

const ALL = Array.from({ length: 10 }, (_, index) => index);
const NAMES = ALL.map((index) => `frame ${index}`);
const GOOD = { ok: true, judgement: JUDGEMENT } as const;
const ONE = { spent: 1, usageRows: 1, verifications: 1 };

async function growth(work: () => Promise<void>) {
  const before = await booksOf();
  await work();
  const after = await booksOf();
  return {
    spent: (before.balance ?? 0) - (after.balance ?? 0),
    usageRows: (after.usageRows ?? 0) - (before.usageRows ?? 0),
    verifications: (after.verifications ?? 0) - (before.verifications ?? 0),
  };
}

describe('a stream', () => {
  it('buffers, and gives its verdict at the last frame', async () => {
    const stream = streamOf({ source: 'live' });
    const grown = await growth(async () => {
      const answers = await stream.postAll();
      expect(answers.slice(0, 9)).toEqual(
        Array.from({ length: 9 }, (_, i) => ({
          status: 'buffering',
          session_id: stream.sessionId,
          frames_received: i + 1,
          frames_required: 10,
          ttl_seconds: 60,
          warnings: null,
        })),
      );
      expect(answers[9]).toEqual({
        status: 'complete',
        verdict: 'live',
        real_score: 0.95,
        confidence: 0.95,
        score: 95,
        type: 'VERY HIGH',
        session_id: stream.sessionId,
        model: '10',
        input_source: 'rest_frames',
        processing_ms: expect.any(Number),
        frames_processed: 10,
        frames_received: 10,
        frames_required: 10,
        ttl_seconds: 0,
        available: true,
        tenant_metadata: null,
        warning: null,
        warnings: null,
        error: null,
        created_at: expect.stringMatching(/Z$/),
      });
    });
    expect(grown).toEqual(ONE);
    expect(stream.inference.judgedPictures()).toEqual([NAMES]);
  });

  it('gives that verdict to every request after it, for any frame, without any work', async () => {
    const stream = streamOf();
    const last = (await stream.postAll())[9];
    const { analysed, judged } = stream.inference;
    const analysedBefore = analysed.length;
    const grown = await growth(async () => {
      for (const index of ALL) expect(dataOf(await stream.post(index))).toEqual(last);
      const other = { frame: { index: 4, timestamp_ms: 0, pixels: picture('another') } };
      expect(dataOf(await stream.post(4, other))).toEqual(last);
      expect(dataOf(await stream.post(4, { model: 'mixed-10-v2' }))).toEqual(last);
    });
    expect(grown).toEqual({ spent: 0, usageRows: 0, verifications: 0 });
    expect([analysed.length, judged.length]).toEqual([analysedBefore, 1]);
  });

  it('takes its frames in any order and judges them in theirs', async () => {
    const stream = streamOf();
    const grown = await growth(async () => {
      for (const index of [9, 3, 0, 7, 1, 8, 2, 6, 4]) {
        expect(dataOf(await stream.post(index)).status).toBe('buffering');
      }
      expect(dataOf(await stream.post(5))).toMatchObject({ status: 'complete', verdict: 'live' });
    });
    expect(grown).toEqual(ONE);
    expect(stream.inference.judgedPictures()).toEqual([NAMES]);
  });

  it.each([1, 3])('takes all its frames at once, each so many times: %d', async (times) => {
    const stream = streamOf();
    const grown = await growth(async () => {
      const indices = Array.from({ length: times }, () => ALL).flat();
      const answers = (await Promise.all(indices.map((index) => stream.post(index)))).map(dataOf);
      const complete = answers.filter(({ status }) => status === 'complete');
      expect(complete.length).toBeGreaterThanOrEqual(1);
      for (const answer of complete) expect(answer).toEqual(complete[0]);
      expect(dataOf(await stream.post(0))).toEqual(complete[0]);
    });
    expect(grown).toEqual(ONE);
    expect(stream.inference.judgedPictures()).toEqual([NAMES]);
  });

  it('counts a frame that is sent again once, and does not look at it again', async () => {
    const stream = streamOf();
    await stream.postAll(5);
    const { analysed } = stream.inference;
    expect(dataOf(await stream.post(2))).toMatchObject({ status: 'buffering', frames_received: 5 });
    expect(analysed).toHaveLength(5);
  });

  it('looks first where the face was in the frame next to it', async () => {
    const stream = streamOf();
    for (const index of [4, 1, 2]) await stream.post(index);
    const faces = stream.inference.analysed.map(({ previousFace }) => previousFace?.contentHash ?? null);
    expect(faces).toEqual([null, 'frame 4', 'frame 1']);
  });

  it('is the same session with its id in capitals, and gives it back as it came', async () => {
    const stream = streamOf();
    const capitals = stream.sessionId.toUpperCase();
    await stream.postAll(5);
    const grown = await growth(async () => {
      for (const index of [5, 6, 7, 8]) {
        expect(dataOf(await stream.post(index, { session_id: capitals })).session_id).toBe(capitals);
      }
      expect(dataOf(await stream.post(9, { session_id: capitals }))).toMatchObject({
        status: 'complete',
        session_id: capitals,
      });
    });
    expect(grown).toEqual(ONE);
    expect(dataOf(await stream.post(0))).toMatchObject({ status: 'complete', session_id: stream.sessionId });
  });

  it('of another organisation is another stream', async () => {
    const stream = streamOf();
    await stream.postAll(9);
    const globex = { key: 'sk-local-globex' };
    const other = { frame: { index: 0, timestamp_ms: 0, pixels: picture('another') } };
    expect(dataOf(await stream.post(9, {}, globex))).toMatchObject({ status: 'buffering', frames_received: 1 });
    expect(dataOf(await stream.post(0, other, globex))).toMatchObject({ status: 'buffering', frames_received: 2 });
    expect(dataOf(await stream.post(9)).status).toBe('complete');
    expect(dataOf(await stream.post(1, {}, globex))).toMatchObject({ status: 'buffering', frames_received: 3 });
  });

  it('of another key of the organisation is the same', async () => {
    const stream = streamOf();
    await stream.postAll(9);
    expect(dataOf(await stream.post(9, {}, { key: 'sk-local-slow' })).status).toBe('complete');
  });
});

it('a client that does not wait for its answer finds the verdict later', async () => {
  const { opened, open } = gate();
  let isHeld = false;
  const judge = async () => {
    isHeld = true;
    await opened;
    return GOOD;
  };
  const stream = streamOf({}, { inference: stubInference({ judge }) });
  await stream.postAll(9);
  const context = createExecutionContext();
  const frame = { index: 9, timestamp_ms: 900, pixels: picture('frame 9') };
  const request = new Request(`https://api.example.test${STREAM}`, {
    method: 'POST',
    headers: { 'x-api-key': ACME, 'content-type': 'application/json' },
    body: JSON.stringify({ session_id: stream.sessionId, model: '10', frame }),
  });
  // Nobody looks at the answer; the platform then keeps only what the context was told of.
  void createApp().fetch(request, { ...(env as unknown as GatewayEnv), ...stream.bindings }, context);
  await until(() => isHeld);
  open();
  await waitOnExecutionContext(context);
  const state = 'SELECT state FROM verifications WHERE session_id = ?';
  expect(await env.DB.prepare(state).bind(stream.sessionId).first<string>('state')).toBe('done');
  expect(dataOf(await stream.post(3)).status).toBe('complete');
});
