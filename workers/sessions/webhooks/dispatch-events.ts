import { insertDelivery } from '#shared/db/webhook-deliveries.ts';
import { listUndispatched, markDispatched, type WebhookEventRow } from '#shared/db/webhook-events.ts';
import { listEnabledWebhooks } from '#shared/db/webhooks.ts';
import { deliverJob, dispatchJob } from '#shared/jobs/webhook-job.ts';
import { listensTo } from './listens-to.ts';
import { sendJobs } from './send-jobs.ts';
import type { WebhookServices } from './webhook-services.ts';

/** A message takes so many; the rest is the next one's. */
export const EVENTS_PER_DISPATCH = 25;

interface Target {
  webhookId: string | null;
  url: string;
}

/**
 * Turns what is in the outbox into deliveries, one for each endpoint that listens and one for a callback. Cut off, or done twice at
 * once, it makes no delivery twice; a delivery whose message was not sent is found by the sweep.
 */
export async function dispatchEvents(services: WebhookServices, organisationId: string): Promise<void> {
  const { database, webhookJobs } = services;
  const events = await listUndispatched(database, organisationId, EVENTS_PER_DISPATCH);
  if (events.length === 0) return;
  const endpoints = await listEnabledWebhooks(database, organisationId);
  const made: string[] = [];
  try {
    for (const event of events) {
      const listening: Target[] = endpoints
        .filter(({ events: wanted }) => listensTo(wanted, event.event))
        .map(({ id, url }) => ({ webhookId: id, url }));
      const callback: Target[] = event.callbackUrl === null ? [] : [{ webhookId: null, url: event.callbackUrl }];
      made.push(...(await makeDeliveries(services, event, [...listening, ...callback])));
    }
  } finally {
    // Also when a later event could not be dispatched: those before it are marked, and would wait for the sweep.
    await sendJobs(webhookJobs, made.map(deliverJob));
  }
  if (events.length === EVENTS_PER_DISPATCH) await webhookJobs.send(dispatchJob(organisationId));
}

/** Ids of those that nobody had made before. */
async function makeDeliveries(
  { database, newId, nowMs }: WebhookServices,
  event: WebhookEventRow,
  targets: Target[],
): Promise<string[]> {
  const atMs = nowMs();
  const { id: eventId, organisationId } = event;
  const inserts = targets.map((target) =>
    insertDelivery(database, {
      id: newId(),
      organisationId,
      eventId,
      ...target,
      createdAtMs: atMs,
      nextAttemptAtMs: atMs,
    }),
  );
  // Marked in the same transaction: an event is not done with before its deliveries are there.
  const [, ...made] = await database.batch([markDispatched(database, eventId, atMs), ...inserts]);
  return made.flatMap((rows) => rows.map(({ id }) => id));
}
