import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { changeWebhook } from '#shared/db/webhooks.ts';
import { dispatchJob } from '#shared/jobs/webhook-job.ts';
import { seedDatabase } from '#shared/testing/seeded-database.ts';
import { announceEvents } from '#shared/webhooks/announce-events.ts';
import { webhookEventStatement } from '#shared/webhooks/webhook-event-statement.ts';
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
