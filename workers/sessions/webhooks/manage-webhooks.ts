import type { Creation } from '#shared/db/idempotency.ts';
import {
  beginAgain,
  type Delivery,
  findDelivery,
  findDeliveryOfEvent,
  insertDelivery,
} from '#shared/db/webhook-deliveries.ts';
import { insertEvent } from '#shared/db/webhook-events.ts';
import {
  addWebhook,
  changeWebhook,
  findWebhook,
  replaceSecret,
  type Webhook,
  type WebhookChange,
  type WebhookRow,
} from '#shared/db/webhooks.ts';
import { deliverJob } from '#shared/jobs/webhook-job.ts';
import type { NewEndpoint, WebhookAddress, WebhookRefusal, WebhookReply } from '#shared/rpc/webhooks.ts';
import { problemOfTarget } from './local-targets.ts';
import { newWebhookSecret, openSecret, sealSecret } from './webhook-secret.ts';
import type { WebhookServices } from './webhook-services.ts';

const OLD_SECRET_HONOURED_MS = 24 * 60 * 60 * 1000;

export async function createWebhook(
  services: WebhookServices,
  { creation, ...asked }: NewEndpoint,
): Promise<WebhookReply<{ webhook: Webhook; secret: string }>> {
  const { database, dataKey, allowsLocal, nowMs } = services;
  const problem = problemOfTarget(asked.url, allowsLocal);
  if (problem !== null) return refused({ reason: 'invalid_url', message: problem });
  const sealedSecret = await sealSecret(newWebhookSecret(), dataKey, creation.id);
  const row = await addWebhook(database, creation, { ...asked, sealedSecret, createdAtMs: nowMs() });
  if (row === null) return refused({ reason: 'too_many' });
  return { ok: true, webhook: shown(row), secret: await openSecret(row.sealedSecret, dataKey, row.id) };
}

function shown({ sealedSecret: _, previousSealedSecret: __, ...webhook }: WebhookRow): Webhook {
  return webhook;
}

export async function changeEndpoint(
  { database, allowsLocal, nowMs }: WebhookServices,
  { organisationId, webhookId }: WebhookAddress,
  change: WebhookChange,
): Promise<WebhookReply<{ webhook: Webhook }>> {
  const problem = change.url === undefined ? null : problemOfTarget(change.url, allowsLocal);
  if (problem !== null) return refused({ reason: 'invalid_url', message: problem });
  const webhook = await changeWebhook(database, organisationId, webhookId, change, nowMs());
  return webhook === null ? refused({ reason: 'not_found' }) : { ok: true, webhook };
}

export async function rotateSecret(
  { database, dataKey, nowMs }: WebhookServices,
  { organisationId, webhookId }: WebhookAddress,
): Promise<WebhookReply<{ webhook: Webhook; secret: string }>> {
  const secret = newWebhookSecret();
  const atMs = nowMs();
  const webhook = await replaceSecret(database, organisationId, webhookId, {
    sealedSecret: await sealSecret(secret, dataKey, webhookId),
    previousUntilMs: atMs + OLD_SECRET_HONOURED_MS,
    nowMs: atMs,
  });
  return webhook === null ? refused({ reason: 'not_found' }) : { ok: true, webhook, secret };
}

/** Past the outbox: nobody else listens to it. */
export async function testWebhook(
  { database, webhookJobs, newId, nowMs }: WebhookServices,
  { organisationId, webhookId }: WebhookAddress,
  creation: Creation,
): Promise<WebhookReply<{ delivery: Delivery }>> {
  const webhook = await findWebhook(database, organisationId, webhookId);
  if (webhook === null) return refused({ reason: 'not_found' });
  if (webhook.disabledAtMs !== null) return refused({ reason: 'disabled' });
  const atMs = nowMs();
  const event = {
    id: creation.id,
    organisationId,
    event: 'webhook.test' as const,
    sessionId: null,
    data: { webhook_id: webhookId },
    dispatchedAtMs: atMs,
    createdAtMs: atMs,
  };
  const delivery = {
    id: newId(),
    organisationId,
    webhookId,
    eventId: event.id,
    url: webhook.url,
    createdAtMs: atMs,
    nextAttemptAtMs: atMs,
  };
  await database.batch([insertEvent(database, event), insertDelivery(database, delivery)]);
  const row = await findDeliveryOfEvent(database, event.id, webhookId);
  if (row === null) return refused({ reason: 'not_found' });
  await webhookJobs.send(deliverJob(row.id));
  return { ok: true, delivery: row };
}

export async function resendDelivery(
  { database, webhookJobs, nowMs }: WebhookServices,
  organisationId: string,
  deliveryId: string,
): Promise<WebhookReply<{ delivery: Delivery }>> {
  const earlier = await findDelivery(database, organisationId, deliveryId);
  if (earlier === null) return refused({ reason: 'not_found' });
  if (earlier.webhookId !== null) {
    const webhook = await findWebhook(database, organisationId, earlier.webhookId);
    if (webhook === null) return refused({ reason: 'not_found' });
    if (webhook.disabledAtMs !== null) return refused({ reason: 'disabled' });
  }
  const delivery = await beginAgain(database, organisationId, deliveryId, nowMs());
  if (delivery === null) return refused({ reason: 'under_way' });
  await webhookJobs.send(deliverJob(delivery.id));
  return { ok: true, delivery: { ...earlier, ...delivery } };
}

function refused(refusal: WebhookRefusal): { ok: false; refusal: WebhookRefusal } {
  return { ok: false, refusal };
}
