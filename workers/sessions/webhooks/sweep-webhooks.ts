import type { Database } from '#shared/db/database.ts';
import { listOverdue } from '#shared/db/webhook-deliveries.ts';
import { forgetEvents, organisationsWithUndispatched } from '#shared/db/webhook-events.ts';
import { deliverJob, dispatchJob } from '#shared/jobs/webhook-job.ts';
import { sendJobs } from './send-jobs.ts';
import type { WebhookServices } from './webhook-services.ts';

/** Later than that a message is taken for lost. One too many does no harm. */
const OVERDUE_AFTER_MS = 2 * 60_000;
const KEPT_MS = 30 * 24 * 60 * 60 * 1000;
const MOST_MESSAGES = 100;
/** By one statement: their deliveries and what was logged of those go with them. */
const FORGOTTEN_AT_ONCE = 200;
const MOST_ROUNDS = 20;
/** By one sweep. With one every five minutes that is over a million a day; what is beyond it waits for the next. */
export const MOST_FORGOTTEN = FORGOTTEN_AT_ONCE * MOST_ROUNDS;

/** Brings back to the queue what it should have and may not: events that were never announced, attempts that are overdue. */
export async function sweepWebhooks(services: WebhookServices): Promise<void> {
  const { database, webhookJobs } = services;
  const nowMs = services.nowMs();
  const [organisations, deliveries] = await Promise.all([
    organisationsWithUndispatched(database, MOST_MESSAGES),
    listOverdue(database, nowMs - OVERDUE_AFTER_MS, MOST_MESSAGES),
  ]);
  const jobs = [...organisations.map(dispatchJob), ...deliveries.map(deliverJob)];
  await sendJobs(webhookJobs, jobs);
  await forgetOldEvents(database, nowMs - KEPT_MS);
}

async function forgetOldEvents(database: Database, beforeMs: number): Promise<void> {
  for (let round = 0; round < MOST_ROUNDS; round++) {
    if ((await forgetEvents(database, beforeMs, FORGOTTEN_AT_ONCE)) < FORGOTTEN_AT_ONCE) return;
  }
}
