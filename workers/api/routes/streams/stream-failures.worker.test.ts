import { env } from 'cloudflare:workers';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { FrameSessionService, SessionAnswer } from '#shared/rpc/frame-session.ts';
import type { InferenceService } from '#shared/rpc/inference.ts';
import { callJson } from '#shared/testing/call-gateway.ts';
import { ACME, booksOf } from '#shared/testing/post-check.ts';
import { dataOf, STREAM, streamOf } from '#shared/testing/post-frame.ts';
import { seedDatabase } from '#shared/testing/seeded-database.ts';
import { JUDGEMENT, picture, stubInference } from '#shared/testing/stub-inference.ts';
import type { GatewayEnv } from '../../env.ts';

beforeAll(seedDatabase);

type Answer = Awaited<ReturnType<ReturnType<typeof streamOf>['post']>>;

function expectUnavailable({ response, body }: Answer): void {
  expect([response.status, response.headers.get('x-error-code')]).toEqual([503, 'service_unavailable']);
  expect([response.headers.get('retry-after'), response.headers.get('x-moveris-model-resolved')]).toEqual(['5', '10']);
  expect(body.data).toBeNull();
}

/** Does the one thing while it is out of order, and what a stub does before and after. */
function outOfOrder(broken: Partial<InferenceService>) {
  const stub = stubInference();
  let isBroken = false;
  const inService =
    <Asked, Given>(method: (asked: Asked) => Given, other?: (asked: Asked) => Given) =>
    (asked: Asked) =>
      (isBroken && other ? other : method)(asked);
  const inference = {
    ...stub,
    service: {
      ...stub.service,
      analyseFrames: inService(stub.service.analyseFrames, broken.analyseFrames),
      judge: inService(stub.service.judge, broken.judge),
    },
  };
  return {
    inference,
    during: async (test: () => Promise<void>) => {
      isBroken = true;
      await test();
      isBroken = false;
    },
  };
}

const scored = (realScore: number): Partial<InferenceService> => ({
  judge: async () => ({ ok: true, judgement: { ...JUDGEMENT, realScore } }),
});

describe('a frame that cannot be analysed is not counted, and may be sent again:', () => {
  it.each<[string, Partial<InferenceService>]>([
    ['inference throws', { analyseFrames: () => Promise.reject(new Error('gone')) }],
    ['inference refuses', { analyseFrames: async () => ({ ok: false, reason: 'no runtime' }) }],
    ['inference leaves it out', { analyseFrames: async () => ({ ok: true, outcomes: [] }) }],
  ])('%s', async (_name, broken) => {
    const { inference, during } = outOfOrder(broken);
    const stream = streamOf({}, { inference });
    await stream.postAll(4);
    await during(async () => expectUnavailable(await stream.post(4)));
    expect(dataOf(await stream.post(5))).toMatchObject({ frames_received: 5 });
    await stream.postAll(10, 6);
    expect(dataOf(await stream.post(4))).toMatchObject({ status: 'complete', verdict: 'live' });
  });
});

describe('a failure at the judgement ends without a verdict, costs nothing and takes back the last frame only:', () => {
  it.each<[string, Partial<InferenceService>]>([
    ['the judge throws', { judge: () => Promise.reject(new Error('gone')) }],
    ['the judge refuses', { judge: async () => ({ ok: false, reason: 'no evidence' }) }],
    ['the score is no number', scored(Number.NaN)],
    ['the score is over 1', scored(1.01)],
    ['the score is below 0', scored(-0.01)],
  ])('%s', async (_name, broken) => {
    const { inference, during } = outOfOrder(broken);
    const stream = streamOf({}, { inference });
    await stream.postAll(9);
    const before = await booksOf();
    await during(async () => {
      expectUnavailable(await stream.post(9));
      expect(dataOf(await stream.post(0))).toMatchObject({ status: 'buffering', frames_received: 9 });
      expectUnavailable(await stream.post(9));
    });
    expect(await booksOf()).toEqual(before);
    expect(dataOf(await stream.post(9))).toMatchObject({ status: 'complete', verdict: 'live' });
    expect((await booksOf()).balance).toBe((before.balance ?? 0) - 1);
  });
});

describe('a session that cannot be reached', () => {
  const post = (session: Partial<FrameSessionService>) => {
    const FRAME_SESSION = { getByName: () => session } as unknown as GatewayEnv['FRAME_SESSION'];
    const frame = { index: 0, timestamp_ms: 0, pixels: picture('frame 0') };
    const body = { session_id: crypto.randomUUID(), model: '10', frame };
    const bindings = { FRAME_SESSION, INFERENCE: stubInference().service };
    return callJson(STREAM, { method: 'POST', key: ACME, body, env: bindings });
  };
  const open = async () =>
    ({ ok: true, state: 'open', wanted: [0], nearestFace: null, progress: {} }) as unknown as Awaited<
      ReturnType<FrameSessionService['begin']>
    >;
  const outage: SessionAnswer = {
    ok: false,
    error: { code: 'service_unavailable', message: 'The service is unavailable.', retryAfterSeconds: 5 },
  };

  it('because its database is away answers 503', async () => {
    expectUnavailable(await post({ begin: async () => outage }));
    expectUnavailable(await post({ begin: open, add: async () => outage }));
  });

  it('because it does not start answers 500, and says nothing of it', async () => {
    for (const session of [
      { begin: () => Promise.reject(new Error('broken disk')) },
      { begin: open, add: () => Promise.reject(new Error('broken disk')) },
    ]) {
      const { response, body } = await post(session);
      expect([response.status, body.message]).toEqual([500, 'Internal error']);
      expect(response.headers.get('x-moveris-model-resolved')).toBe('10');
    }
  });
});

describe('without enough credits', () => {
  const BROKE = { key: 'sk-local-broke' };

  async function setBalance(wanted: number): Promise<void> {
    await env.DB.prepare(
      `INSERT INTO credit_entries (id, organisation_id, kind, amount, balance_after, reference, created_at_ms)
       SELECT ?1, id, 'adjustment', ?2 - credit_balance, ?2, ?1, 0 FROM organisations WHERE slug = 'broke'`,
    )
      .bind(crypto.randomUUID(), wanted)
      .run();
  }

  function expectBroke({ response, body }: Answer, required = 1, available = 0): void {
    const message = `Insufficient credits. The check costs ${required}, the organisation has ${available}.`;
    expect(body).toEqual({ data: null, success: false, message, errors: [{ insufficient_credits: [message] }] });
    expect([response.status, response.headers.get('x-error-code')]).toEqual([402, 'insufficient_credits']);
    expect(response.headers.get('x-moveris-model-resolved')).toBeTruthy();
  }

  beforeEach(async () => {
    await setBalance(0);
  });

  it('no frame is analysed, and the session stays free', async () => {
    const stream = streamOf({}, BROKE);
    for (const index of [0, 5]) expectBroke(await stream.post(index));
    expect(stream.inference.analysed).toEqual([]);
    await setBalance(1);
    expect((await stream.postAll())[9]).toMatchObject({ status: 'complete' });
    expect((await booksOf('broke')).balance).toBe(0);
  });

  it('for the model that is asked for, none is either', async () => {
    await setBalance(1);
    const stream = streamOf({ model: 'mixed-120-v2' }, BROKE);
    expectBroke(await stream.post(0), 2, 1);
    expect(stream.inference.analysed).toEqual([]);
  });

  it('a frame that is wrong is told so first', async () => {
    const stream = streamOf({}, BROKE);
    for (const [index, different, code] of [
      [10, {}, 'invalid_frame'],
      [0, { model: 'x' }, 'invalid_model'],
      [0, { frame: {} }, 'missing_field'],
    ] as const) {
      expect((await stream.post(index, different)).response.headers.get('x-error-code')).toBe(code);
    }
  });

  it('at the last frame, because they were spent meanwhile, the others stay until there are some', async () => {
    await setBalance(1);
    const stream = streamOf({}, BROKE);
    await stream.postAll(9);
    await setBalance(0);
    const before = await booksOf('broke');
    expectBroke(await stream.post(9));
    // From here on it is known, and no more work is done for nothing.
    const { analysed, judged } = stream.inference;
    const [analysedThen, judgedThen] = [analysed.length, judged.length];
    for (const index of [9, 2]) expectBroke(await stream.post(index));
    expect([analysed.length, judged.length]).toEqual([analysedThen, judgedThen]);
    expect(await booksOf('broke')).toEqual(before);
    await setBalance(1);
    expect(dataOf(await stream.post(2))).toMatchObject({ status: 'buffering', frames_received: 9 });
    const last = dataOf(await stream.post(9));
    expect(last).toMatchObject({ status: 'complete', verdict: 'live' });
    expect((await booksOf('broke')).balance).toBe(0);
    // Paid for, it is still given again.
    expect(dataOf(await stream.post(4))).toEqual(last);
  });

  it('the last credit buys one of five streams that end at once', async () => {
    await setBalance(1);
    const before = await booksOf('broke');
    const streams = Array.from({ length: 5 }, () => streamOf({}, BROKE));
    for (const stream of streams) await stream.postAll(9);
    const answers = await Promise.all(streams.map((stream) => stream.post(9)));
    expect(answers.map(({ response }) => response.status).toSorted()).toEqual([200, 402, 402, 402, 402]);
    const after = await booksOf('broke');
    expect([after.balance, (after.usageRows ?? 0) - (before.usageRows ?? 0)]).toEqual([0, 1]);
    expect((after.verifications ?? 0) - (before.verifications ?? 0)).toBe(1);
  });
});
