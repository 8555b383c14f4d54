import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { changeWebhook, findWebhook } from '#shared/db/webhooks.ts';
import { dispatchJob } from '#shared/jobs/webhook-job.ts';
import { seedDatabase } from '#shared/testing/seeded-database.ts';
import {
  type BenchOptions,
  clearWebhooks,
  db,
  HOOK,
  happen,
  NOON_MS,
  onItsWay,
  onlyDelivery,
  rows,
} from './testing/webhook-bench.ts';

const DAY_MS = 24 * 60 * 60 * 1000;

beforeAll(seedDatabase);
beforeEach(clearWebhooks);

/** An endpoint with one event on its way, and what else may happen to both. */
async function failing(options: BenchOptions = { answer: () => new Response('', { status: 500 }) }) {
  const bench = await onItsWay(options);
  const { consume, consumeSent, clock, sent, hook } = bench;
  const state = () => findWebhook(db, hook.organisationId, hook.id);
  const tellAt = async (nowMs: number) => {
    clock.nowMs = nowMs;
    const { organisationId } = await happen({ createdAtMs: nowMs });
    await consume([dispatchJob(organisationId)]);
  };
  /** All attempts, or all but so many. */
  const attemptAll = async (butFor = 0) => {
    for (let left = 9 - butFor; left > 0 && sent.length > 0; left--) await consumeSent();
  };
  return { ...bench, state, tellAt, attemptAll };
}

it('an endpoint that is gone is disabled at once', async () => {
  const { consumeSent, sent, hook, logged, state } = await failing({ answer: () => new Response('', { status: 410 }) });
  await consumeSent();
  expect(await onlyDelivery()).toMatchObject({ state: 'failed', attempts: 1 });
  expect(await state()).toMatchObject({ disabledAtMs: NOON_MS, disabledReason: 'The endpoint answered 410 Gone.' });
  expect(sent).toEqual([]);
  expect(logged).toContainEqual({ level: 'info', event: 'webhook_disabled', webhook: hook.id });
  expect(JSON.stringify(logged)).not.toContain('in-the-url');
});

describe('an endpoint that fails', () => {
  it('is disabled once a delivery is given up after three days without a success, not before', async () => {
    const { state, tellAt, attemptAll, consumeSent, consume, clock, hook, received, sent, logged } = await failing();
    await attemptAll();
    const roundMs = clock.nowMs - NOON_MS;
    expect(await state()).toMatchObject({ disabledAtMs: null, failingSinceMs: NOON_MS });

    await tellAt(NOON_MS + 3 * DAY_MS - roundMs - 1);
    await attemptAll();
    expect([clock.nowMs, (await state())?.disabledAtMs]).toEqual([NOON_MS + 3 * DAY_MS - 1, null]);

    await tellAt(NOON_MS + 3 * DAY_MS - roundMs);
    await attemptAll(1);
    expect(await state()).toMatchObject({ disabledAtMs: null });
    await consumeSent();
    expect(await state()).toMatchObject({
      disabledAtMs: NOON_MS + 3 * DAY_MS,
      disabledReason: 'Nothing could be delivered for three days.',
    });
    expect(logged).toContainEqual({ level: 'info', event: 'webhook_disabled', webhook: hook.id });

    // Enabled again, it starts anew.
    await changeWebhook(db, hook.organisationId, hook.id, { enabled: true }, clock.nowMs);
    await tellAt(NOON_MS + 4 * DAY_MS);
    await consumeSent();
    expect(await state()).toMatchObject({ disabledAtMs: null, failingSinceMs: NOON_MS + 4 * DAY_MS });

    // What waits for a disabled endpoint ends, and asks nobody.
    const asked = received.length;
    await changeWebhook(db, hook.organisationId, hook.id, { enabled: false }, clock.nowMs);
    await consumeSent();
    expect([received.length, sent]).toEqual([asked, []]);
    expect((await rows('webhook_deliveries')).map((row) => row.state)).toEqual(Array(4).fill('failed'));
    expect(await consume([dispatchJob(hook.organisationId)])).toMatchObject({ explicitAcks: ['m0'] });
  });

  it('once, long after it failed before, is not: it may be a hiccup', async () => {
    const { state, tellAt, attemptAll, consumeSent, receiver } = await failing();
    await attemptAll();
    await tellAt(NOON_MS + 30 * DAY_MS);
    await attemptAll(1);
    expect(await state()).toMatchObject({ disabledAtMs: null, failingSinceMs: NOON_MS });
    receiver.answer = () => new Response('ok');
    await consumeSent();
    expect(await state()).toMatchObject({ disabledAtMs: null, failingSinceMs: null });
  });

  it('is forgiven when it moves, not when it is named again', async () => {
    const { state, consumeSent, hook } = await failing();
    await consumeSent();
    const move = (url: string) => changeWebhook(db, hook.organisationId, hook.id, { url }, NOON_MS);
    await move(HOOK);
    expect(await state()).toMatchObject({ failingSinceMs: NOON_MS });
    await move('https://new.example.com/');
    expect(await state()).toMatchObject({ failingSinceMs: null });
  });

  it.each([500, 410])('with %i while it moves has not failed where it is now', async (status) => {
    const { state, consumeSent, hook, received } = await failing({
      answer: async () => {
        const url = 'https://new.example.com/';
        await changeWebhook(db, hook.organisationId, hook.id, { url }, NOON_MS);
        return new Response('', { status });
      },
    });
    await consumeSent();
    expect(received).toHaveLength(1);
    expect(await state()).toMatchObject({ failingSinceMs: null, disabledAtMs: null });
  });
});
