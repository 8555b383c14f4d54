import {
  beginAttempt,
  type DeliveryRow,
  insertAttempt,
  nextAttemptAtMs,
  readLetter,
  settleAttempt,
} from '#shared/db/webhook-deliveries.ts';
import type { WebhookEventRow } from '#shared/db/webhook-events.ts';
import type { WebhookRow } from '#shared/db/webhooks.ts';
import { deliverJob } from '#shared/jobs/webhook-job.ts';
import { waitAfterMs } from './backoff.ts';
import { callbackSecretOf } from './callback-secret.ts';
import { excerptOf } from './excerpt.ts';
import { judgeEndpoint } from './judge-endpoint.ts';
import { type AttemptResult, sendWebhook } from './send-webhook.ts';
import { webhookHeaders } from './sign-webhook.ts';
import { webhookBody } from './webhook-body.ts';
import { secretsOf } from './webhook-secret.ts';
import type { WebhookServices } from './webhook-services.ts';

/** An attempt that has not ended by then never will: its Worker is gone. */
const ATTEMPT_LOST_AFTER_MS = 60_000;
const MS_PER_SECOND = 1000;

interface Letter {
  event: WebhookEventRow;
  webhook: WebhookRow | null;
}

/** `again`: the message came before its time, or somebody is at it; null: nothing is left for this message to do. */
export async function deliverWebhook(
  services: WebhookServices,
  deliveryId: string,
): Promise<{ again: { delaySeconds: number } } | null> {
  const { database } = services;
  const nowMs = services.nowMs();
  const delivery = await beginAttempt(database, deliveryId, { nowMs, lostAtMs: nowMs + ATTEMPT_LOST_AFTER_MS });
  if (delivery === null) return await comeAgain(services, deliveryId, nowMs);
  const letter = await readLetter(database, delivery);
  // Deleted in this moment, and the delivery with it.
  if (letter === null) return null;
  const sent = { ...delivery, url: letter.webhook?.url ?? delivery.url };
  await settle(services, sent, letter, await attempt(services, sent, letter));
  return null;
}

/** A wait beyond that of a lost attempt has a message of its own. */
async function comeAgain({ database }: WebhookServices, deliveryId: string, nowMs: number) {
  const dueAtMs = await nextAttemptAtMs(database, deliveryId);
  const waitMs = dueAtMs === null ? 0 : dueAtMs - nowMs;
  if (dueAtMs === null || waitMs > ATTEMPT_LOST_AFTER_MS) return null;
  return { again: { delaySeconds: Math.max(1, Math.ceil(waitMs / MS_PER_SECOND)) } };
}

interface Attempt extends AttemptResult {
  atMs: number;
  requestExcerpt: string;
}

async function attempt(services: WebhookServices, { url }: DeliveryRow, { event, webhook }: Letter): Promise<Attempt> {
  const body = webhookBody(event);
  const atMs = services.nowMs();
  const logged = { atMs, requestExcerpt: excerptOf(body) };
  if (webhook !== null && webhook.disabledAtMs !== null) return { ...logged, ...notSent('The endpoint is disabled') };
  const secrets = await secretsFor(services, event, webhook, atMs);
  const headers = await webhookHeaders({ id: event.id, sentAtMs: atMs, body }, secrets);
  return { ...logged, ...(await sendWebhook(services, url, { body, headers })) };
}

function notSent(error: string): AttemptResult {
  return { isDelivered: false, isFinal: true, status: null, durationMs: 0, responseExcerpt: null, error, askedMs: 0 };
}

async function secretsFor(
  { dataKey }: WebhookServices,
  { id, sessionId }: WebhookEventRow,
  webhook: WebhookRow | null,
  nowMs: number,
): Promise<string[]> {
  if (webhook !== null) return await secretsOf(webhook, dataKey, nowMs);
  if (sessionId === null) throw new Error(`the event ${id} has a callback and no session`);
  return [await callbackSecretOf(dataKey, sessionId)];
}

async function settle(services: WebhookServices, delivery: DeliveryRow, { webhook }: Letter, made: Attempt) {
  const { database, webhookJobs, newId, log } = services;
  const { isDelivered, isFinal, askedMs, ...logged } = made;
  const nowMs = services.nowMs();
  const waitMs = isDelivered || isFinal ? null : waitAfterMs(delivery.attempts, services.random(), askedMs);
  const outcome =
    waitMs === null
      ? { state: isDelivered ? ('delivered' as const) : ('failed' as const), nextAttemptAtMs: null, endedAtMs: nowMs }
      : { state: 'pending' as const, nextAttemptAtMs: nowMs + waitMs, endedAtMs: null };
  const [settled] = await database.batch([
    settleAttempt(database, delivery, outcome),
    insertAttempt(database, { id: newId(), deliveryId: delivery.id, ...logged }),
  ]);
  const isOurs = settled.length === 1;
  if (webhook !== null && webhook.disabledAtMs === null) {
    const isGivenUp = isOurs && outcome.state === 'failed';
    await judgeEndpoint(services, { id: webhook.id, url: delivery.url }, { ...made, isGivenUp }, nowMs);
  }
  if (waitMs !== null && isOurs) {
    // Lost here, the sweep sends it anew.
    await webhookJobs.send(deliverJob(delivery.id), { delaySeconds: Math.ceil(waitMs / MS_PER_SECOND) });
  }
  if (outcome.state === 'failed') log({ level: 'error', event: 'webhook_delivery_failed', delivery: delivery.id });
}
