import type { WebhookJob } from '#shared/jobs/webhook-job.ts';
import type { WebhookServices } from './webhook-services.ts';

/** As many messages as the queue takes at once; all of them are a few kilobytes. */
const MOST_AT_ONCE = 100;

export async function sendJobs(
  webhookJobs: WebhookServices['webhookJobs'],
  jobs: readonly WebhookJob[],
): Promise<void> {
  for (let start = 0; start < jobs.length; start += MOST_AT_ONCE) {
    await webhookJobs.sendBatch(jobs.slice(start, start + MOST_AT_ONCE).map((body) => ({ body })));
  }
}
