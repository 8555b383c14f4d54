import { createExecutionContext, createScheduledController, waitOnExecutionContext } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { ACME, booksOf, checkBody, crops, frames, gate, PATHS, postCheck, until } from '#shared/testing/post-check.ts';
import { seedDatabase } from '#shared/testing/seeded-database.ts';
import { picture, stubInference } from '#shared/testing/stub-inference.ts';
import { createApp } from '../../app.ts';
import type { GatewayEnv } from '../../env.ts';
import gateway from '../../index.ts';

const gatewayEnv = env as unknown as GatewayEnv;

beforeAll(seedDatabase);

type Answer = Awaited<ReturnType<typeof postCheck>>;
const codeOf = ({ response }: Answer) => [response.status, response.headers.get('x-error-code')];

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

const ONE = { spent: 1, usageRows: 1, verifications: 1 };
const NONE = { spent: 0, usageRows: 0, verifications: 0 };

/** Inference that does not judge before the gate is opened. */
function heldUp() {
  const { opened, open } = gate();
  const stub = stubInference();
  let asked = false;
  const inference = stubInference({
    judge: async (request) => {
      asked = true;
      await opened;
      return stub.service.judge(request);
    },
  });
  return { inference, open, isHeld: () => asked };
}

const stateOf = (sessionId: string) =>
  env.DB.prepare('SELECT state FROM verifications WHERE session_id = ?').bind(sessionId).first<string>('state');
const endLease = (sessionId: string) =>
  env.DB.prepare('UPDATE verifications SET lease_ends_at_ms = 1 WHERE session_id = ?').bind(sessionId).run();

describe('the same check again', () => {
  it('gives the same verdict, costs nothing and is not carried out', async () => {
    const body = checkBody({ warnings: ['dark'] });
    const inference = stubInference();
    const grown = await growth(async () => {
      const first = await postCheck(body);
      const again = await postCheck(body, { inference });
      expect(first.response.headers.get('idempotency-replayed')).toBeNull();
      expect(again.response.headers.get('idempotency-replayed')).toBe('true');
      expect(again.response.headers.get('x-moveris-model-resolved')).toBe('10');
      expect(again.body).toEqual(first.body);
    });
    expect(grown).toEqual(ONE);
    expect(inference.analysed).toEqual([]);
  });

  it('may ask for the diagnostics that the first did not', async () => {
    const body = checkBody();
    await postCheck(body);
    const again = await postCheck({ ...body, diagnostics: true });
    expect(again.body.data).toMatchObject({ diagnostics: [{ cue: 'texture' }] });
  });

  it('is known with its session id in capitals, and with the session id behind the frames', async () => {
    const { session_id, ...rest } = checkBody();
    const grown = await growth(async () => {
      await postCheck({ session_id, ...rest });
      const again = await postCheck({ ...rest, session_id: session_id.toUpperCase() });
      expect(again.body.data).toMatchObject({ session_id: session_id.toUpperCase(), verdict: 'live' });
      expect(again.response.headers.get('idempotency-replayed')).toBe('true');
    });
    expect(grown).toEqual(ONE);
  });

  it.each([
    ['with the model named', (body: object) => body],
    ['with the default model', ({ model: _, ...rest }: Record<string, unknown>) => rest],
    ['with the session id last', ({ session_id, ...rest }: Record<string, unknown>) => ({ ...rest, session_id })],
  ])('twenty times at once gives one verdict, %s', async (_name, shape) => {
    const body = shape(checkBody());
    const inference = stubInference();
    const grown = await growth(async () => {
      const answers = await Promise.all(Array.from({ length: 20 }, () => postCheck(body, { inference })));
      expect(answers.map(({ response }) => response.status)).toEqual(Array.from({ length: 20 }, () => 200));
      for (const answer of answers) expect(answer.body).toEqual(answers[0]?.body);
    });
    expect(grown).toEqual(ONE);
    expect(inference.judged).toHaveLength(1);
  });

  it('runs no inference while the first still runs', async () => {
    const body = checkBody();
    const { inference, open, isHeld } = heldUp();
    const first = postCheck(body, { inference });
    await until(isHeld);
    const watched = stubInference();
    const second = postCheck(body, { inference: watched });
    setTimeout(open, 100);
    expect((await second).body).toEqual((await first).body);
    expect(watched.analysed).toEqual([]);
  });

  it('by another route is another check', async () => {
    const { frames: _, ...members } = checkBody();
    const grown = await growth(async () => {
      expect((await postCheck({ ...members, frames: frames(10) })).response.status).toBe(200);
      expect((await postCheck({ ...members, crops: crops(10) }, {}, PATHS.crops)).response.status).toBe(200);
    });
    expect(grown).toEqual({ spent: 2, usageRows: 2, verifications: 2 });
  });

  it('of another organisation is another check', async () => {
    const body = checkBody();
    await postCheck(body);
    const grown = await growth(async () => {
      const { response } = await postCheck(body, { key: 'sk-local-globex' });
      expect([response.status, response.headers.get('idempotency-replayed')]).toEqual([200, null]);
    });
    expect(grown).toEqual(NONE);
    expect((await booksOf('globex')).usageRows).toBe(1);
  });
});

describe('another check under a session id', () => {
  const body = checkBody({ source: 'live' });
  const [head, ...tail] = body.frames;
  it.each([
    ['another picture', { frames: [{ ...head, pixels: picture('another') }, ...tail] }],
    ['another moment', { frames: [{ ...head, timestamp_ms: 1 }, ...tail] }],
    ['another index', { frames: [{ ...head, index: 99 }, ...tail] }],
    ['a frame more', { frames: frames(11) }],
    ['another model', { model: 'mixed-10-v2' }],
    ['another source', { source: 'media' }],
    ['an fps', { fps: 30 }],
  ])('is refused, and takes nothing away: %s', async (_name, change) => {
    const first = await postCheck(body);
    const inference = stubInference();
    const grown = await growth(async () => {
      const other = await postCheck({ ...body, ...change }, { inference });
      expect(codeOf(other)).toEqual([409, 'session_conflict']);
      expect(other.response.headers.get('x-moveris-model-resolved')).toBeTruthy();
    });
    expect(grown).toEqual(NONE);
    expect(inference.analysed).toEqual([]);
    expect((await postCheck(body)).body).toEqual(first.body);
  });

  it('is refused as well while the first runs', async () => {
    const running = checkBody();
    const { inference, open, isHeld } = heldUp();
    const first = postCheck(running, { inference });
    await until(isHeld);
    const other = postCheck({ ...running, frames: frames(10, 'other') });
    setTimeout(open, 50);
    expect(codeOf(await other)).toEqual([409, 'session_conflict']);
    expect((await first).response.status).toBe(200);
  });
});

describe('a first request that comes to nothing', () => {
  it('sends those that waited away, to come again', async () => {
    const body = checkBody();
    const { opened, open } = gate();
    let asked = false;
    const failing = stubInference({
      judge: async () => {
        asked = true;
        await opened;
        return { ok: false, reason: 'broken' };
      },
    });
    const first = postCheck(body, { inference: failing });
    await until(() => asked);
    const second = postCheck(body);
    setTimeout(open, 100);
    expect(codeOf(await second)).toEqual([409, 'idempotency_in_progress']);
    expect(codeOf(await first)).toEqual([503, 'service_unavailable']);
    expect((await postCheck(body)).response.status).toBe(200);
  });

  it('is taken over once its lease is over; should it live after all, it writes and takes nothing', async () => {
    const body = checkBody();
    const { inference, open, isHeld } = heldUp();
    const grown = await growth(async () => {
      const stalled = postCheck(body, { inference });
      await until(isHeld);
      await endLease(body.session_id);
      const retried = await postCheck(body);
      expect(retried.response.status).toBe(200);
      open();
      expect(codeOf(await stalled)).toEqual([409, 'idempotency_in_progress']);
      expect((await postCheck(body)).body).toEqual(retried.body);
    });
    expect(grown).toEqual(ONE);
  });

  it('that has been taken over leaves the claim of the other alone', async () => {
    const body = checkBody();
    const first = heldUp();
    const second = heldUp();
    const stalled = postCheck(body, { inference: first.inference });
    await until(first.isHeld);
    await endLease(body.session_id);
    const retried = postCheck(body, { inference: second.inference });
    await until(second.isHeld);
    const grown = await growth(async () => {
      first.open();
      expect(codeOf(await stalled)).toEqual([409, 'idempotency_in_progress']);
    });
    expect([grown, await stateOf(body.session_id)]).toEqual([NONE, 'running']);
    second.open();
    expect((await retried).response.status).toBe(200);
  });

  it('sends those that wait for a dead one away', async () => {
    const body = checkBody();
    const { inference, open, isHeld } = heldUp();
    const stalled = postCheck(body, { inference });
    await until(isHeld);
    const waiting = postCheck(body);
    await new Promise((resolve) => setTimeout(resolve, 60));
    await endLease(body.session_id);
    expect(codeOf(await waiting)).toEqual([409, 'idempotency_in_progress']);
    open();
    // Nobody has taken over, so what it has done is good.
    expect((await stalled).response.status).toBe(200);
  });

  it('is forgotten by the timer, when it is long dead; a verdict is not', async () => {
    const dead = checkBody();
    const done = checkBody();
    await postCheck(done);
    const { inference, open, isHeld } = heldUp();
    const stalled = postCheck(dead, { inference });
    await until(isHeld);
    await gateway.scheduled(createScheduledController(), gatewayEnv);
    expect(await stateOf(dead.session_id)).toBe('running');
    await endLease(dead.session_id);
    await gateway.scheduled(createScheduledController(), gatewayEnv);
    expect(await stateOf(dead.session_id)).toBeNull();
    expect(await stateOf(done.session_id)).toBe('done');
    open();
    expect(codeOf(await stalled)).toEqual([409, 'idempotency_in_progress']);
  });
});

it('a session is held as long as its body arrives, however slowly', async () => {
  const body = checkBody();
  const text = JSON.stringify(body);
  const half = text.length / 2;
  const { opened, open } = gate();
  const slow = new ReadableStream<Uint8Array>({
    async pull(controller) {
      controller.enqueue(new TextEncoder().encode(text.slice(0, half)));
      await opened;
      controller.enqueue(new TextEncoder().encode(text.slice(half)));
      controller.close();
    },
  });
  const { inference, open: openJudge, isHeld } = heldUp();
  const leaseEnd = () =>
    env.DB.prepare('SELECT lease_ends_at_ms AS n FROM verifications WHERE session_id = ?')
      .bind(body.session_id)
      .first<number>('n');
  const running = postCheck(slow, { inference });
  await until(async () => (await leaseEnd()) !== null);
  const before = (await leaseEnd()) ?? 0;
  const realNow = Date.now;
  const clock = vi.spyOn(Date, 'now').mockImplementation(() => realNow() + 20_000);
  open();
  await until(isHeld);
  clock.mockRestore();
  expect((await leaseEnd()) ?? 0).toBeGreaterThan(before + 15_000);
  openJudge();
  expect((await running).response.status).toBe(200);
});

it('a client that does not wait for its answer finds the verdict later', async () => {
  const body = checkBody();
  const { inference, open, isHeld } = heldUp();
  const context = createExecutionContext();
  const headers = { 'x-api-key': ACME, 'content-type': 'application/json' };
  const request = new Request(`https://api.example.test${PATHS.frames}`, {
    method: 'POST',
    headers,
    body: JSON.stringify(body),
  });
  // Nobody looks at the answer; the platform then keeps only what the context was told of.
  void createApp().fetch(request, { ...gatewayEnv, INFERENCE: inference.service }, context);
  await until(isHeld);
  open();
  await waitOnExecutionContext(context);
  expect(await stateOf(body.session_id)).toBe('done');
});
