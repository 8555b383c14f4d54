import { listOverdue } from '#shared/db/webhook-deliveries.ts';
import { forgetEvents, organisationsWithUndispatched } from '#shared/db/webhook-events.ts';
import { deliverJob, dispatchJob } from '#shared/jobs/webhook-job.ts';
import type { WebhookServices } from './webhook-services.ts';

/** Later than that a message is taken for lost. One too many does no harm. */
const OVERDUE_AFTER_MS = 2 * 60_000;
const KEPT_MS = 30 * 24 * 60 * 60 * 1000;
const MOST_MESSAGES = 100;
const MOST_FORGOTTEN = 200;

/** Brings back to the queue what it should have and may not: events that were never announced, attempts that are overdue. */
export async function sweepWebhooks(services: WebhookServices): Promise<void> {
  const { database, webhookJobs } = services;
  const nowMs = services.nowMs();
  const [organisations, deliveries] = await Promise.all([
    organisationsWithUndispatched(database, MOST_MESSAGES),
    listOverdue(database, nowMs - OVERDUE_AFTER_MS, MOST_MESSAGES),
  ]);
  const jobs = [...organisations.map(dispatchJob), ...deliveries.map(deliverJob)];
  await Promise.all(jobs.map((job) => webhookJobs.send(job)));
  await forgetEvents(database, nowMs - KEPT_MS, MOST_FORGOTTEN);
}
