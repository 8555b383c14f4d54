import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openDatabase } from '#shared/db/database.ts';
import { changeWebhook, findWebhook } from '#shared/db/webhooks.ts';
import { deliverJob, dispatchJob } from '#shared/jobs/webhook-job.ts';
import { failingOn } from '#shared/testing/faulty-database.ts';
import { seedDatabase } from '#shared/testing/seeded-database.ts';
import { callbackSecretOf } from './callback-secret.ts';
import { consumeWebhookJobs } from './consume-webhook-jobs.ts';
import {
  clearWebhooks,
  db,
  HOOK,
  happen,
  NOON_MS,
  onItsWay,
  onlyDelivery,
  organisationId,
  rows,
  verify,
  webhookBench,
} from './testing/webhook-bench.ts';

const DAY_MS = 24 * 60 * 60 * 1000;

beforeAll(seedDatabase);
beforeEach(clearWebhooks);

const attemptLog = async () => (await rows('webhook_attempts')).toSorted((a, b) => Number(a.at_ms) - Number(b.at_ms));

describe('a delivery', () => {
  it('arrives signed, with what happened, and is logged', async () => {
    const { consumeSent, received, hook, event } = await onItsWay();
    expect(await consumeSent()).toEqual({ explicitAcks: ['m0'], retryDelays: [] });
    expect(received).toHaveLength(1);
    const [message] = received;
    if (message === undefined) throw new Error('nothing arrived');
    expect(message.url).toBe(HOOK);
    expect(message.headers).toMatchObject({
      'content-type': 'application/json',
      'webhook-id': event.id,
      'webhook-timestamp': String(NOON_MS / 1000),
    });
    expect(verify(hook.secret, message)).toEqual({
      event: 'session.completed',
      session_id: event.sessionId,
      timestamp: '2026-03-27T12:00:00.000Z',
      data: { state: 'completed' },
    });
    expect(await onlyDelivery()).toMatchObject({ state: 'delivered', attempts: 1, next_attempt_at_ms: null });
    expect(await rows('webhook_attempts')).toMatchObject([
      { status: 200, request_excerpt: message.body, response_excerpt: 'thanks', error: null },
    ]);
  });

  it('comes again after a failure, under the same id, and then is done with', async () => {
    const { consumeSent, received, receiver, sent, hook } = await onItsWay({
      answer: () => new Response('out of order', { status: 500 }),
    });
    await consumeSent();
    expect(sent).toMatchObject([{ delaySeconds: 5, job: { kind: 'deliver' } }]);
    expect(await onlyDelivery()).toMatchObject({ state: 'pending', attempts: 1, next_attempt_at_ms: NOON_MS + 5000 });
    expect(await findWebhook(db, hook.organisationId, hook.id)).toMatchObject({ failingSinceMs: NOON_MS });
    receiver.answer = () => new Response('ok');
    await consumeSent();
    expect(await onlyDelivery()).toMatchObject({ state: 'delivered', attempts: 2 });
    expect(new Set(received.map(({ headers }) => headers['webhook-id'])).size).toBe(1);
    expect(await attemptLog()).toMatchObject([
      { status: 500, response_excerpt: 'out of order', error: 'Answered with status 500' },
      { status: 200, error: null },
    ]);
    expect(await findWebhook(db, hook.organisationId, hook.id)).toMatchObject({ failingSinceMs: null });
    expect(sent).toEqual([]);
  });

  it('fails for good after its last attempt, a day and more later', async () => {
    const { consumeSent, received, sent, clock } = await onItsWay({ answer: () => new Response('', { status: 503 }) });
    const delays: number[] = [];
    while (sent.length > 0) {
      delays.push(...sent.map(({ delaySeconds }) => delaySeconds));
      await consumeSent();
    }
    expect(delays).toEqual([0, 5, 60, 300, 1800, 7200, 18_000, 36_000, 43_200]);
    expect(received).toHaveLength(9);
    expect(await onlyDelivery()).toMatchObject({ state: 'failed', attempts: 9, ended_at_ms: clock.nowMs });
    expect(clock.nowMs - NOON_MS).toBeGreaterThan(DAY_MS);
  });

  it('waits as long as the receiver asks', async () => {
    const busy = () => new Response('', { status: 429, headers: { 'retry-after': '90' } });
    const { consumeSent, sent } = await onItsWay({ answer: busy });
    await consumeSent();
    expect(sent).toMatchObject([{ delaySeconds: 90 }]);
  });

  it('follows no redirect', async () => {
    const { consumeSent, received, sent } = await onItsWay({
      answer: () => new Response(null, { status: 307, headers: { location: 'https://elsewhere.example.com/' } }),
    });
    await consumeSent();
    expect(received.map(({ url }) => url)).toEqual([HOOK]);
    expect(await attemptLog()).toMatchObject([{ status: 307, error: expect.stringContaining('redirect') }]);
    expect(sent).toHaveLength(1);
  });

  it('does not go to a private address, whatever the name said when it was given', async () => {
    const { consumeSent, received, sent } = await onItsWay({ addresses: { 'hooks.example.com': ['10.0.0.7'] } });
    await consumeSent();
    expect(received).toEqual([]);
    const [logged] = await attemptLog();
    expect(logged).toMatchObject({ status: null, error: expect.stringContaining('public addresses') });
    expect(sent).toHaveLength(1);
  });

  it('waits ten seconds for an answer', async () => {
    const { consumeSent, sent } = await onItsWay({ answer: () => new Promise<Response>(() => undefined) });
    const startedAtMs = Date.now();
    await consumeSent();
    expect(Date.now() - startedAtMs).toBeGreaterThanOrEqual(9_900);
    expect(await attemptLog()).toMatchObject([{ status: null, error: expect.stringContaining('10000 ms') }]);
    expect(sent).toHaveLength(1);
  });

  it('logs what was answered in a kilobyte, whatever it was', async () => {
    const { consumeSent } = await onItsWay({ answer: () => new Response(`\u0000${'é'.repeat(4000)}`) });
    await consumeSent();
    const [logged] = await attemptLog();
    expect(logged?.response_excerpt).toBe(`\ufffd${'é'.repeat(511)}`);
  });

  it('goes where the endpoint is now', async () => {
    const { consumeSent, received, hook } = await onItsWay();
    const url = 'https://new.example.com/in';
    await changeWebhook(db, hook.organisationId, hook.id, { url }, NOON_MS);
    await consumeSent();
    expect(received.map((message) => message.url)).toEqual([url]);
    expect(await onlyDelivery()).toMatchObject({ url });
  });
});

it('an attempt that cannot be logged comes again, and no log of ours holds what was sent', async () => {
  const { services, sent, logged, hook, event } = await onItsWay();
  const database = openDatabase(failingOn(/insert into "webhook_attempts"/));
  const told: unknown[] = [];
  const message = {
    id: 'm',
    timestamp: new Date(),
    attempts: 1,
    body: sent[0]?.job,
    ack: () => told.push('ack'),
    retry: (options: unknown) => told.push(options),
  };
  await consumeWebhookJobs({ queue: 'q', messages: [message] }, { ...services, database });
  expect(told).toEqual([{ delaySeconds: 10 }]);
  expect(await onlyDelivery()).toMatchObject({ state: 'pending', attempts: 1, next_attempt_at_ms: NOON_MS + 60_000 });
  expect(logged).toEqual([
    { level: 'error', event: 'webhook_job_failed', message: 'm', reason: 'Error: D1_ERROR: Network connection lost.' },
  ]);
  for (const content of [hook.secret, hook.url, event.sessionId]) expect(JSON.stringify(logged)).not.toContain(content);
});

describe('a callback', () => {
  it('is signed with the secret of its session, and needs no endpoint', async () => {
    const { services, consume, consumeSent, received } = webhookBench();
    const event = await happen({ callbackUrl: 'https://done.example.com/' });
    await consume([dispatchJob(event.organisationId)]);
    await consumeSent();
    const [message] = received;
    if (message === undefined) throw new Error('nothing arrived');
    expect(message.url).toBe('https://done.example.com/');
    const secret = await callbackSecretOf(services.dataKey, event.sessionId ?? '');
    expect(verify(secret, message)).toMatchObject({ session_id: event.sessionId });
    expect(await onlyDelivery()).toMatchObject({ webhook_id: null, state: 'delivered' });
  });

  it('that is gone has no further attempt', async () => {
    const { consume, consumeSent, sent } = webhookBench({ answer: () => new Response('', { status: 410 }) });
    const event = await happen({ callbackUrl: 'https://done.example.com/' });
    await consume([dispatchJob(event.organisationId)]);
    await consumeSent();
    expect([await onlyDelivery(), sent]).toMatchObject([{ state: 'failed' }, []]);
  });
});

it('a delivery whose endpoint is deleted meanwhile asks nobody', async () => {
  const { consumeSent, received } = await onItsWay();
  await clearWebhooks();
  expect(await consumeSent()).toMatchObject({ explicitAcks: ['m0'] });
  expect(received).toEqual([]);
});

it('of a delivery that never was, nothing comes', async () => {
  const { consume, received } = webhookBench();
  expect(await consume([deliverJob(crypto.randomUUID())])).toMatchObject({ explicitAcks: ['m0'] });
  expect([received, await organisationId()]).toMatchObject([[], expect.any(String)]);
});
