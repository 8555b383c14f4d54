import type { Database } from '../db/database.ts';
import { hasUndispatched } from '../db/webhook-events.ts';
import { dispatchJob, type WebhookJob } from '../jobs/webhook-job.ts';

export interface AnnouncePorts {
  database: Database;
  webhookJobs: Pick<Queue<WebhookJob>, 'send'>;
}

/** After something has happened: has the outbox something to tell, it is dispatched now and not with the next sweep. */
export async function announceEvents({ database, webhookJobs }: AnnouncePorts, organisationId: string): Promise<void> {
  if (await hasUndispatched(database, organisationId)) await webhookJobs.send(dispatchJob(organisationId));
}
