import { env } from 'cloudflare:workers';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { booksOf, checkBody, frames, postCheck } from '#shared/testing/post-check.ts';
import { seedDatabase } from '#shared/testing/seeded-database.ts';
import { stubInference } from '#shared/testing/stub-inference.ts';

const BROKE = 'sk-local-broke';

beforeAll(seedDatabase);
beforeEach(async () => {
  await setBalance(0);
});

async function setBalance(wanted: number): Promise<void> {
  await env.DB.prepare(
    `INSERT INTO credit_entries (id, organisation_id, kind, amount, balance_after, reference, created_at_ms)
     SELECT ?1, id, 'adjustment', ?2 - credit_balance, ?2, ?1, 0 FROM organisations WHERE slug = 'broke'`,
  )
    .bind(crypto.randomUUID(), wanted)
    .run();
}

const post = (body: unknown, inference = stubInference()) => postCheck(body, { key: BROKE, inference });

describe('without enough credits', () => {
  it('nothing is analysed, and the session stays free', async () => {
    const inference = stubInference();
    const body = checkBody();
    const before = await booksOf('broke');
    const { response, body: answer } = await post(body, inference);
    const message = 'Insufficient credits. The check costs 1, the organisation has 0.';
    expect(answer).toEqual({ data: null, success: false, message, errors: [{ insufficient_credits: [message] }] });
    expect([response.status, response.headers.get('x-error-code')]).toEqual([402, 'insufficient_credits']);
    expect(response.headers.get('x-moveris-model-resolved')).toBe('10');
    expect(inference.analysed).toEqual([]);
    expect(await booksOf('broke')).toEqual(before);
    await setBalance(1);
    expect((await post(body)).response.status).toBe(200);
    expect((await booksOf('broke')).balance).toBe(0);
  });

  it('a request that is wrong is told so first', async () => {
    expect((await post(checkBody({ frames: frames(9) }))).response.headers.get('x-error-code')).toBe(
      'insufficient_frames',
    );
    expect((await post(checkBody({ model: 'x' }))).response.headers.get('x-error-code')).toBe('invalid_model');
    expect((await post(checkBody({ frames: [{}] }))).response.headers.get('x-error-code')).toBe('missing_field');
  });

  it('for the model that is asked for, nothing is analysed either', async () => {
    await setBalance(1);
    const inference = stubInference();
    const { response } = await post(checkBody({ model: 'mixed-120-v2', frames: frames(120) }), inference);
    expect([response.status, inference.analysed.length]).toEqual([402, 0]);
  });

  it('frames before the model are analysed if there is any credit, and the price is looked at then', async () => {
    const { frames: all, ...rest } = checkBody({ model: 'mixed-120-v2', frames: frames(120) });
    const none = stubInference();
    expect((await post({ frames: all, ...rest }, none)).response.status).toBe(402);
    expect(none.analysed).toEqual([]);
    await setBalance(1);
    const some = stubInference();
    expect((await post({ frames: all, ...rest }, some)).response.status).toBe(402);
    expect([some.pictures().length, some.judged.length]).toEqual([120, 0]);
    expect((await booksOf('broke')).balance).toBe(1);
  });

  it('a verdict that was paid for is still given again', async () => {
    await setBalance(1);
    const { frames: all, ...rest } = checkBody();
    const first = await post({ ...rest, frames: all });
    expect((await booksOf('broke')).balance).toBe(0);
    expect((await post({ ...rest, frames: all })).body).toEqual(first.body);
    expect((await post({ frames: all, ...rest })).body).toEqual(first.body);
  });

  it('because somebody else has spent them meanwhile, no verdict is given', async () => {
    await setBalance(1);
    const stub = stubInference();
    const inference = stubInference({
      judge: async (request) => {
        await setBalance(0);
        return stub.service.judge(request);
      },
    });
    const body = checkBody();
    const before = await booksOf('broke');
    const { response, body: answer } = await post(body, inference);
    expect([response.status, answer.data]).toEqual([402, null]);
    expect(await booksOf('broke')).toEqual({ ...before, balance: 0 });
    await setBalance(1);
    expect((await post(body)).response.status).toBe(200);
  });
});

it('the last credit buys one of ten checks at once', async () => {
  await setBalance(1);
  const before = await booksOf('broke');
  const answers = await Promise.all(Array.from({ length: 10 }, () => post(checkBody())));
  const statuses = answers.map(({ response }) => response.status).sort();
  expect(statuses).toEqual([200, ...Array.from({ length: 9 }, () => 402)]);
  const after = await booksOf('broke');
  expect([after.balance, (after.usageRows ?? 0) - (before.usageRows ?? 0)]).toEqual([0, 1]);
});
