import { beforeAll, beforeEach, expect, it } from 'vitest';
import { deliverJob, dispatchJob, WEBHOOK_DEAD_LETTER_QUEUE } from '#shared/jobs/webhook-job.ts';
import { seedDatabase } from '#shared/testing/seeded-database.ts';
import { clearWebhooks, endpoint, happen, NOON_MS, rows, webhookBench } from './testing/webhook-bench.ts';

beforeAll(seedDatabase);
beforeEach(clearWebhooks);

it.each([
  ['nothing', null],
  ['text', 'a job'],
  ['a later version', { version: 2, kind: 'deliver', deliveryId: 'x' }],
  ['no id', { version: 1, kind: 'deliver' }],
  ['another kind', { version: 1, kind: 'burn', deliveryId: 'x' }],
])('what is no job is done with, and told of: %s', async (_name, body) => {
  const { consume, logged } = webhookBench();
  expect(await consume([body])).toEqual({ explicitAcks: ['m0'], retryDelays: [] });
  expect(logged).toEqual([{ level: 'error', event: 'webhook_message_unreadable', message: 'm0' }]);
});

it('each message is a matter of its own', async () => {
  const bench = webhookBench();
  const first = await endpoint(bench.services, { url: 'https://first.example.com/' });
  await endpoint(bench.services, { url: 'https://second.example.com/' });
  await happen();
  await bench.consume([dispatchJob(first.organisationId)]);
  // One receiver's network fails in a way that is a fault of ours.
  const { post } = bench.services;
  bench.services.post = (url, ...rest) => {
    if (url.includes('first')) throw new Error('a fault of ours');
    return post(url, ...rest);
  };
  const result = await bench.consumeSent();
  expect([result.explicitAcks.length, result.retryDelays]).toEqual([1, [10]]);
  expect(bench.received.map(({ url }) => url)).toEqual(['https://second.example.com/']);
});

it('a dead letter fails its delivery, and asks nobody', async () => {
  const { services, consume, sent, received, clock, logged } = webhookBench();
  const hook = await endpoint(services);
  await happen();
  await consume([dispatchJob(hook.organisationId)]);
  const jobs = sent.splice(0).map(({ job }) => job);
  clock.nowMs += 1000;
  const dead = [...jobs, ...jobs, dispatchJob(hook.organisationId), deliverJob(crypto.randomUUID())];
  const { explicitAcks } = await consume(dead, WEBHOOK_DEAD_LETTER_QUEUE);
  expect([explicitAcks.length, received]).toEqual([dead.length, []]);
  expect(await rows('webhook_deliveries')).toMatchObject([
    { state: 'failed', ended_at_ms: NOON_MS + 1000, next_attempt_at_ms: null },
  ]);
  expect(logged.filter(({ event }) => event === 'webhook_delivery_given_up')).toHaveLength(1);
});

it('a dead letter changes nothing of what was delivered', async () => {
  const { services, consume, consumeSent, sent } = webhookBench();
  const hook = await endpoint(services);
  await happen();
  await consume([dispatchJob(hook.organisationId)]);
  const jobs = sent.map(({ job }) => job);
  await consumeSent();
  await consume(jobs, WEBHOOK_DEAD_LETTER_QUEUE);
  expect(await rows('webhook_deliveries')).toMatchObject([{ state: 'delivered' }]);
});
