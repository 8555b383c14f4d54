import { beforeAll, expect, it } from 'vitest';
import { booksOf, checkBody, frames, gate, postCheck, until } from '#shared/testing/post-check.ts';
import { seedDatabase } from '#shared/testing/seeded-database.ts';
import { setBalance } from '#shared/testing/set-balance.ts';
import { stubInference } from '#shared/testing/stub-inference.ts';

beforeAll(seedDatabase);

const post = (key: string, body: unknown, inference = stubInference()) =>
  postCheck(body, { headers: { 'idempotency-key': key }, inference });
const codeOf = ({ response }: Awaited<ReturnType<typeof post>>) => response.headers.get('x-error-code');

it('replays the first answer to the same check', async () => {
  const body = checkBody();
  const first = await post('a', body);
  const again = await post('a', body);
  expect(again.body).toEqual(first.body);
  expect([first, again].map(({ response }) => response.headers.get('idempotency-replayed'))).toEqual([null, 'true']);
});

it('refuses another check under the same key, which costs nothing and leaves its session free', async () => {
  await post('b', checkBody());
  const before = await booksOf();
  const other = checkBody();
  const { response } = await post('b', other);
  expect([response.status, response.headers.get('x-error-code')]).toEqual([422, 'idempotency_key_reused']);
  expect(await booksOf()).toEqual(before);
  expect((await post('b2', other)).response.status).toBe(200);
});

it('refuses other frames under the same key', async () => {
  const body = checkBody();
  await post('c', body);
  expect(codeOf(await post('c', checkBody({ frames: frames(11) })))).toBe('idempotency_key_reused');
});

it('is not used up by a request that was not valid, nor by an empty account', async () => {
  expect(codeOf(await post('d', checkBody({ frames: frames(9) })))).toBe('insufficient_frames');
  expect((await post('d', checkBody())).response.status).toBe(200);
});

it('is not used up by a failure of ours', async () => {
  const body = checkBody();
  const failing = stubInference({ judge: () => Promise.reject(new Error('gone')) });
  expect((await post('e', body, failing)).response.status).toBe(503);
  expect((await post('e', body)).response.status).toBe(200);
});

it('is not used up when the credits were spent by another check', async () => {
  await setBalance('broke', 1);
  const stub = stubInference();
  const robbed = stubInference({
    judge: async (request) => {
      await setBalance('broke', 0);
      return stub.service.judge(request);
    },
  });
  const body = checkBody();
  const options = { key: 'sk-local-broke', headers: { 'idempotency-key': 'f' } };
  expect((await postCheck(body, { ...options, inference: robbed })).response.status).toBe(402);
  await setBalance('broke', 1);
  expect((await postCheck(body, options)).response.status).toBe(200);
});

it('is taken while the first check with it runs', async () => {
  const { opened, open } = gate();
  let asked = false;
  const stub = stubInference();
  const heldUp = stubInference({
    judge: async (request) => {
      asked = true;
      await opened;
      return stub.service.judge(request);
    },
  });
  const body = checkBody();
  const first = post('g', body, heldUp);
  await until(() => asked);
  expect(codeOf(await post('g', checkBody()))).toBe('idempotency_key_reused');
  // The same check waits for its session instead, and gets the answer.
  const second = post('g', body);
  setTimeout(open, 50);
  expect((await first).response.status).toBe(200);
  expect(['idempotency_in_progress', null]).toContain(codeOf(await second));
});

it.each(['x'.repeat(256), 'a b'])('must be visible ASCII of at most 255 characters: "%s"', async (key) => {
  const before = await booksOf();
  expect(codeOf(await post(key, checkBody()))).toBe('validation_error');
  expect(await booksOf()).toEqual(before);
});
