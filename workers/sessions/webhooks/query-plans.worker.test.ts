import { env } from 'cloudflare:workers';
import { beforeAll, expect, it } from 'vitest';
import { openDatabase } from '#shared/db/database.ts';
import { findDelivery, listAttempts, listDeliveries } from '#shared/db/webhook-deliveries.ts';
import { findWebhook, listWebhooks, removeWebhook } from '#shared/db/webhooks.ts';
import { dispatchJob } from '#shared/jobs/webhook-job.ts';
import { recordQueries } from '#shared/testing/record-queries.ts';
import { seedDatabase } from '#shared/testing/seeded-database.ts';
import { announceEvents } from '#shared/webhooks/announce-events.ts';
import { webhookEventStatement } from '#shared/webhooks/webhook-event-statement.ts';
import { changeEndpoint, resendDelivery, rotateSecret, testWebhook } from './manage-webhooks.ts';
import { sweepWebhooks } from './sweep-webhooks.ts';
import { endpoint, happen, webhookBench } from './testing/webhook-bench.ts';

beforeAll(seedDatabase);

const PAGE = { after: { createdAtMs: 1, id: 'x' }, limit: 20 };
/** No organisation to search by, and it holds only what waits. */
const WHAT_THE_SWEEP_WALKS = 'SCAN webhook_events USING INDEX webhook_events_undispatched';
/** Within the row of an endpoint: the names of what it listens to. */
const WHAT_AN_ENDPOINT_NAMES = /^SCAN json_each VIRTUAL TABLE/;

const isKnown = (detail: string) => detail === WHAT_THE_SWEEP_WALKS || WHAT_AN_ENDPOINT_NAMES.test(detail);

it('every query reads through an index', async () => {
  const recorded = recordQueries(env.DB);
  const database = openDatabase(recorded.database);
  const bench = webhookBench({ answer: () => new Response('', { status: 500 }) });
  Object.assign(bench.services, { database });
  const { services } = bench;
  const hook = await endpoint(services);
  const { organisationId, id: webhookId } = hook;
  const address = { organisationId, webhookId };
  const event = await happen();
  await webhookEventStatement(database, { ...event, id: crypto.randomUUID() });
  await announceEvents(services, organisationId);
  await bench.consume([dispatchJob(organisationId)]);
  await bench.consumeSent();
  bench.receiver.answer = () => new Response('ok');
  await bench.consumeSent();
  await changeEndpoint(services, address, { description: 'x' });
  await rotateSecret(services, address);
  const test = await testWebhook(services, address, { id: crypto.randomUUID(), claimedUntilMs: 1 });
  if (!test.ok) throw new Error('refused');
  await bench.consumeSent();
  await resendDelivery(services, organisationId, test.delivery.id);
  await sweepWebhooks(services);
  await listWebhooks(database, organisationId, PAGE);
  await findWebhook(database, organisationId, webhookId);
  for (const id of [null, webhookId])
    for (const state of [null, 'failed'] as const)
      await listDeliveries(database, organisationId, { webhookId: id, state }, PAGE);
  await findDelivery(database, organisationId, test.delivery.id);
  await listAttempts(database, test.delivery.id, 10);
  await removeWebhook(database, organisationId, webhookId);

  const distinct = new Map(recorded.queries.map((query) => [query.sql, query.parameters]));
  expect(distinct.size).toBeGreaterThan(25);
  const unwanted: string[] = [];
  for (const [sql, parameters] of distinct) {
    const plan = await env.DB.prepare(`EXPLAIN QUERY PLAN ${sql}`)
      .bind(...parameters)
      .all<{ detail: string }>();
    const details = plan.results.map(({ detail }) => detail);
    const costly = details.filter(
      (detail) => detail.startsWith('SCAN') || detail.includes('USE TEMP B-TREE FOR ORDER'),
    );
    unwanted.push(...costly.filter((detail) => !isKnown(detail)).map((detail) => `${detail}: ${sql}`));
  }
  expect(unwanted).toEqual([]);
});
