import { failDelivery } from '#shared/db/webhook-deliveries.ts';
import { WEBHOOK_DEAD_LETTER_QUEUE, WebhookJob } from '#shared/jobs/webhook-job.ts';
import { reasonOf } from '#shared/lib/reason-of.ts';
import { deliverWebhook } from './deliver-webhook.ts';
import { dispatchEvents } from './dispatch-events.ts';
import type { WebhookServices } from './webhook-services.ts';

const RETRY_SECONDS = 10;

type Again = { again: { delaySeconds: number } } | null;

/**
 * Takes each message by itself, all at once: a slow receiver holds up nobody else's. A receiver that fails has its next attempt in a
 * message of its own; only a fault of ours brings the same message again, and the queue counts how often.
 */
export async function consumeWebhookJobs(
  batch: Pick<MessageBatch<unknown>, 'queue' | 'messages'>,
  services: WebhookServices,
): Promise<void> {
  const carryOut = batch.queue === WEBHOOK_DEAD_LETTER_QUEUE ? bury : work;
  await Promise.all(batch.messages.map((message) => consume(message, services, carryOut)));
}

async function consume(
  message: Message<unknown>,
  services: WebhookServices,
  carryOut: (services: WebhookServices, job: WebhookJob) => Promise<Again>,
): Promise<void> {
  const job = WebhookJob.safeParse(message.body);
  if (!job.success) {
    // Of another version, or of somebody else: to read it again would not make it more readable.
    services.log({ level: 'error', event: 'webhook_message_unreadable', message: message.id });
    message.ack();
    return;
  }
  try {
    const outcome = await carryOut(services, job.data);
    if (outcome === null) message.ack();
    else message.retry(outcome.again);
  } catch (error) {
    services.log({ level: 'error', event: 'webhook_job_failed', message: message.id, reason: reasonOf(error) });
    message.retry({ delaySeconds: RETRY_SECONDS * message.attempts });
  }
}

async function work(services: WebhookServices, job: WebhookJob): Promise<Again> {
  if (job.kind === 'deliver') return await deliverWebhook(services, job.deliveryId);
  await dispatchEvents(services, job.organisationId);
  return null;
}

/** What has failed too often by faults of ours. Events stay in the outbox, where the sweep finds them; a delivery ends here. */
async function bury({ database, nowMs, log }: WebhookServices, job: WebhookJob): Promise<Again> {
  if (job.kind === 'deliver' && (await failDelivery(database, job.deliveryId, nowMs()))) {
    log({ level: 'error', event: 'webhook_delivery_given_up', delivery: job.deliveryId });
  }
  return null;
}
