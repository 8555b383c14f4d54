import { env } from 'cloudflare:workers';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openDatabase } from '#shared/db/database.ts';
import { changeWebhook } from '#shared/db/webhooks.ts';
import { dispatchJob } from '#shared/jobs/webhook-job.ts';
import { failingOn } from '#shared/testing/faulty-database.ts';
import { recordQueries } from '#shared/testing/record-queries.ts';
import { seedDatabase } from '#shared/testing/seeded-database.ts';
import { consumeWebhookJobs } from './consume-webhook-jobs.ts';
import { dispatchEvents, EVENTS_PER_DISPATCH } from './dispatch-events.ts';
import { MOST_FORGOTTEN, sweepWebhooks } from './sweep-webhooks.ts';
import {
  clearWebhooks,
  db,
  endpoint,
  happen,
  NOON_MS,
  organisationId,
  rows,
  webhookBench,
} from './testing/webhook-bench.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

beforeAll(seedDatabase);
beforeEach(clearWebhooks);

describe('to dispatch', () => {
  it('makes a delivery for each endpoint that listens, and one for the callback', async () => {
    const { services, consume, sent } = webhookBench();
    const all = await endpoint(services, { url: 'https://all.example.com/' });
    const some = await endpoint(services, { url: 'https://some.example.com/', events: ['session.completed'] });
    await endpoint(services, { url: 'https://others.example.com/', events: ['session.failed'] });
    await endpoint(services, { url: 'https://stranger.example.com/', slug: 'globex' });
    const off = await endpoint(services, { url: 'https://off.example.com/' });
    await changeWebhook(db, off.organisationId, off.id, { enabled: false }, NOON_MS);
    const event = await happen({ callbackUrl: 'https://done.example.com/' });
    await consume([dispatchJob(event.organisationId)]);
    const deliveries = await rows('webhook_deliveries');
    expect(deliveries.map(({ url }) => url).toSorted()).toEqual([
      'https://all.example.com/',
      'https://done.example.com/',
      'https://some.example.com/',
    ]);
    expect(new Set(deliveries.map(({ webhook_id }) => webhook_id))).toEqual(new Set([all.id, some.id, null]));
    expect(deliveries.every(({ event_id, state }) => event_id === event.id && state === 'pending')).toBe(true);
    expect(sent.map(({ job }) => job.kind)).toEqual(['deliver', 'deliver', 'deliver']);
    expect(await rows('webhook_events')).toMatchObject([{ dispatched_at_ms: NOON_MS }]);
  });

  it('makes each once, also twice at once and once more', async () => {
    const { services, consume, sent } = webhookBench();
    await endpoint(services);
    const { organisationId: id } = await happen({ callbackUrl: 'https://done.example.com/' });
    await consume([dispatchJob(id), dispatchJob(id), dispatchJob(id)]);
    // As if it had died before it was marked.
    await env.DB.prepare('UPDATE webhook_events SET dispatched_at_ms = NULL').run();
    await consume([dispatchJob(id)]);
    expect(await rows('webhook_deliveries')).toHaveLength(2);
    expect(sent).toHaveLength(2);
    expect(await rows('webhook_events')).not.toMatchObject([{ dispatched_at_ms: null }]);
  });

  it('takes some at a time, and comes again for the rest', async () => {
    const { services, consumeSent, sent } = webhookBench();
    await endpoint(services);
    for (let i = 0; i <= EVENTS_PER_DISPATCH; i++) await happen({ createdAtMs: NOON_MS + i });
    await dispatchEvents(services, await organisationId());
    expect(await rows('webhook_deliveries')).toHaveLength(EVENTS_PER_DISPATCH);
    expect(sent.at(-1)?.job.kind).toBe('dispatch');
    await consumeSent();
    expect(await rows('webhook_deliveries')).toHaveLength(EVENTS_PER_DISPATCH + 1);
  });

  it('asks the queue once, and once more for each hundred', async () => {
    const { services, sent, calls } = webhookBench();
    for (const name of ['a', 'b', 'c', 'd', 'e']) await endpoint(services, { url: `https://${name}.example.com/` });
    for (let i = 0; i < EVENTS_PER_DISPATCH - 1; i++) await happen({ createdAtMs: NOON_MS + i });
    await dispatchEvents(services, await organisationId());
    expect([calls, new Set(sent.map(({ job }) => JSON.stringify(job))).size]).toEqual([[100, 20], 120]);
  });

  it('asks the queue nothing where nobody listens to what happened', async () => {
    const { services, calls } = webhookBench();
    const { organisationId: id, id: webhookId } = await endpoint(services);
    await happen();
    await changeWebhook(db, id, webhookId, { events: ['session.failed'] }, NOON_MS);
    await dispatchEvents(services, await organisationId());
    expect([calls, await rows('webhook_deliveries')]).toEqual([[], []]);
    expect(await rows('webhook_events')).toMatchObject([{ dispatched_at_ms: NOON_MS }]);
  });

  it('sends what it has made when the next event fails', async () => {
    const { services, sent } = webhookBench();
    await endpoint(services);
    const first = await happen();
    await happen({ createdAtMs: NOON_MS + 1 });
    const ids = [crypto.randomUUID()];
    const newId = () => {
      const id = ids.pop();
      if (id === undefined) throw new Error('a fault of ours');
      return id;
    };
    await expect(dispatchEvents({ ...services, newId }, first.organisationId)).rejects.toThrow('a fault of ours');
    const [delivery] = await rows('webhook_deliveries');
    expect(delivery).toMatchObject({ event_id: first.id });
    expect(sent.map(({ job }) => job)).toMatchObject([{ kind: 'deliver', deliveryId: delivery?.id }]);
  });

  it('fails whole when the database does, and is brought again', async () => {
    const bench = webhookBench();
    await endpoint(bench.services);
    const { organisationId: id } = await happen();
    const database = openDatabase(failingOn(/insert into "webhook_deliveries"/));
    const told: unknown[] = [];
    const message = {
      id: 'm',
      timestamp: new Date(),
      attempts: 2,
      body: dispatchJob(id),
      ack: () => told.push('ack'),
      retry: (options: unknown) => told.push(options),
    };
    await consumeWebhookJobs({ queue: 'q', messages: [message] }, { ...bench.services, database });
    expect(told).toEqual([{ delaySeconds: 20 }]);
    expect(await rows('webhook_events')).toMatchObject([{ dispatched_at_ms: null }]);
    expect(bench.logged).toMatchObject([{ event: 'webhook_job_failed' }]);
  });
});

describe('the sweep', () => {
  it('brings what was never announced, of every organisation', async () => {
    const { services, sent } = webhookBench();
    await endpoint(services);
    await endpoint(services, { slug: 'globex' });
    const ids = [await organisationId(), await organisationId('globex')];
    for (const id of [...ids, ...ids]) await happen({ organisationId: id });
    await sweepWebhooks(services);
    expect(sent.map(({ job }) => job)).toHaveLength(2);
    expect(sent.map(({ job }) => job)).toEqual(expect.arrayContaining(ids.map((id) => dispatchJob(id))));
  });

  it('brings attempts whose message was lost, and no others', async () => {
    const { services, consume, sent, clock, consumeSent } = webhookBench();
    await endpoint(services);
    const { organisationId: id } = await happen();
    await consume([dispatchJob(id)]);
    const lost = sent.splice(0);
    clock.nowMs += MINUTE_MS;
    await sweepWebhooks(services);
    expect(sent).toEqual([]);
    clock.nowMs += MINUTE_MS;
    await sweepWebhooks(services);
    expect(sent).toEqual(lost);
    await consumeSent();
    clock.nowMs += DAY_MS;
    await sweepWebhooks(services);
    expect(sent).toEqual([]);
  });

  it('forgets after thirty days, with deliveries and log', async () => {
    const { services, consume, consumeSent, clock } = webhookBench();
    await endpoint(services);
    const { organisationId: id } = await happen();
    const young = await happen({ createdAtMs: NOON_MS + DAY_MS });
    await consume([dispatchJob(id)]);
    await consumeSent();
    clock.nowMs = NOON_MS + 30 * DAY_MS + 1;
    await sweepWebhooks(services);
    expect((await rows('webhook_events')).map((row) => row.id)).toEqual([young.id]);
    expect(await rows('webhook_deliveries')).toHaveLength(1);
    expect(await rows('webhook_attempts')).toHaveLength(1);
  });

  it('forgets all that is old and nothing else, little with each statement', async () => {
    const { services, clock } = webhookBench();
    await endpoint(services);
    const young = await happen({ createdAtMs: NOON_MS + DAY_MS });
    await happenOften(1001);
    clock.nowMs = NOON_MS + 30 * DAY_MS + 1;
    const recorded = recordQueries(env.DB);
    await sweepWebhooks({ ...services, database: openDatabase(recorded.database) });
    expect((await rows('webhook_events')).map((row) => row.id)).toEqual([young.id]);
    const deletions = recorded.queries.filter(({ sql }) => sql.startsWith('delete from "webhook_events"'));
    expect(deletions.map(({ parameters }) => parameters.at(-1))).toEqual(Array(6).fill(200));
  });

  it('forgets no more than a sweep has time for, and the rest with the next one', async () => {
    const { services, clock } = webhookBench();
    await happenOften(MOST_FORGOTTEN + 1);
    clock.nowMs = NOON_MS + 30 * DAY_MS + 1;
    await sweepWebhooks(services);
    expect(await rows('webhook_events')).toHaveLength(1);
    await sweepWebhooks(services);
    expect(await rows('webhook_events')).toEqual([]);
  });
});

/** As if told long ago; in one statement. */
async function happenOften(times: number): Promise<void> {
  await env.DB.prepare(
    `WITH RECURSIVE counted (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM counted WHERE n < ?1)
     INSERT INTO webhook_events (id, organisation_id, event, data, dispatched_at_ms, created_at_ms)
     SELECT 'often-' || n, ?2, 'session.completed', '{}', ?3, ?3 FROM counted`,
  )
    .bind(times, await organisationId(), NOON_MS)
    .run();
}
