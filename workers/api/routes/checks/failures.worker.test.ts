import { env } from 'cloudflare:workers';
import { beforeAll, describe, expect, it } from 'vitest';
import type { InferenceService } from '#shared/rpc/inference.ts';
import { booksOf, checkBody, frames, postCheck } from '#shared/testing/post-check.ts';
import { seedDatabase } from '#shared/testing/seeded-database.ts';
import { JUDGEMENT, stubInference } from '#shared/testing/stub-inference.ts';

beforeAll(seedDatabase);

const scored = (realScore: number): Partial<InferenceService> => ({
  judge: async () => ({ ok: true, judgement: { ...JUDGEMENT, realScore } }),
});

const failures: [string, Partial<InferenceService>][] = [
  ['inference throws', { analyseFrames: () => Promise.reject(new Error('gone')) }],
  ['inference refuses', { analyseFrames: async () => ({ ok: false, reason: 'no runtime' }) }],
  ['inference leaves a picture out', { analyseFrames: async () => ({ ok: true, outcomes: [] }) }],
  ['the judge throws', { judge: () => Promise.reject(new Error('gone')) }],
  ['the judge refuses', { judge: async () => ({ ok: false, reason: 'no evidence' }) }],
  ['the score is no number', scored(Number.NaN)],
  ['the score is over 1', scored(1.01)],
  ['the score is below 0', scored(-0.01)],
];

describe('a failure ends without a verdict, costs nothing and leaves the session free:', () => {
  it.each(failures)('%s', async (_name, replaced) => {
    const before = await booksOf();
    const body = checkBody({ model: 'mixed-10' });
    const { response, body: answer } = await postCheck(body, { inference: stubInference(replaced) });
    expect([response.status, response.headers.get('x-error-code')]).toEqual([503, 'service_unavailable']);
    expect([response.headers.get('retry-after'), response.headers.get('deprecation')]).toEqual(['5', 'true']);
    expect(answer.data).toBeNull();
    expect(await booksOf()).toEqual(before);
    const retried = await postCheck(body);
    expect(retried.body.data).toMatchObject({ verdict: 'live' });
    expect((await booksOf()).balance).toBe((before.balance ?? 0) - 1);
  });

  it('inference fails on a later call', async () => {
    const stub = stubInference();
    let calls = 0;
    const inference = stubInference({
      analyseFrames: async (request) => {
        calls += 1;
        return calls === 3 ? { ok: false, reason: 'out of memory' } : stub.service.analyseFrames(request);
      },
    });
    const body = checkBody({ model: '50', frames: frames(60) });
    expect((await postCheck(body, { inference })).response.status).toBe(503);
    expect(calls).toBe(3);
    expect((await postCheck(body)).response.status).toBe(200);
  });

  it('the database fails when the verdict is to be stored', async () => {
    const before = await booksOf();
    const body = checkBody();
    const failing = new Proxy(env.DB, {
      get(target, property) {
        if (property === 'batch') return () => Promise.reject(new Error('D1_ERROR: Network connection lost.'));
        const value: unknown = Reflect.get(target, property);
        return typeof value === 'function' ? (value.bind(target) as unknown) : value;
      },
    });
    expect((await postCheck(body, { database: failing })).response.status).toBe(503);
    expect(await booksOf()).toEqual(before);
    expect((await postCheck(body)).response.status).toBe(200);
  });
});
