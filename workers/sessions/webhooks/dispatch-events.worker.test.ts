import { env } from 'cloudflare:workers';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openDatabase } from '#shared/db/database.ts';
import { changeWebhook } from '#shared/db/webhooks.ts';
import { dispatchJob } from '#shared/jobs/webhook-job.ts';
import { failingOn } from '#shared/testing/faulty-database.ts';
import { seedDatabase } from '#shared/testing/seeded-database.ts';
import { announceEvents } from '#shared/webhooks/announce-events.ts';
import { webhookEventStatement } from '#shared/webhooks/webhook-event-statement.ts';
import { consumeWebhookJobs } from './consume-webhook-jobs.ts';
import { dispatchEvents, EVENTS_PER_DISPATCH } from './dispatch-events.ts';
import { sweepWebhooks } from './sweep-webhooks.ts';
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

describe('an event', () => {
  it('is written only where somebody of the organisation listens', async () => {
    const { services } = webhookBench();
    await happen();
    expect(await rows('webhook_events')).toEqual([]);
    const hook = await endpoint(services, { slug: 'globex' });
    await happen();
    expect(await rows('webhook_events')).toEqual([]);
    const event = await happen({ organisationId: hook.organisationId, sessionId: null });
    const { organisationId: organisation_id, createdAtMs: created_at_ms } = event;
    expect(await rows('webhook_events')).toEqual([
      {
        id: event.id,
        organisation_id,
        event: 'session.completed',
        session_id: null,
        data: '{"state":"completed"}',
        callback_url: null,
        dispatched_at_ms: null,
        created_at_ms,
      },
    ]);
  });

  it('is not written for an endpoint that is disabled, but for a callback', async () => {
    const { services } = webhookBench();
    const hook = await endpoint(services);
    await changeWebhook(db, hook.organisationId, hook.id, { enabled: false }, NOON_MS);
    await happen();
    expect(await rows('webhook_events')).toEqual([]);
    await happen({ callbackUrl: 'https://done.example.com/' });
    expect(await rows('webhook_events')).toMatchObject([{ callback_url: 'https://done.example.com/' }]);
  });

  it('is not there when what happened did not', async () => {
    await endpoint(webhookBench().services);
    const event = {
      id: crypto.randomUUID(),
      organisationId: await organisationId(),
      event: 'session.completed',
      sessionId: 's',
      data: {},
      createdAtMs: NOON_MS,
    } as const;
    const statement = webhookEventStatement(db, event);
    await expect(db.batch([statement, statement])).rejects.toThrow();
    expect(await rows('webhook_events')).toEqual([]);
  });
});

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

describe('to announce', () => {
  it('sends one message, and none where nothing waits', async () => {
    const { services, sent } = webhookBench();
    await endpoint(services);
    await announceEvents(services, await organisationId());
    expect(sent).toEqual([]);
    const { organisationId: id } = await happen();
    await happen();
    await announceEvents(services, await organisationId('globex'));
    expect(sent).toEqual([]);
    await announceEvents(services, id);
    expect(sent.map(({ job }) => job)).toEqual([dispatchJob(id)]);
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
});
