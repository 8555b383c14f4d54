import { type AskedEndpoint, disableWebhook, forgiveFailures, noteFailure } from '#shared/db/webhooks.ts';
import { type AttemptResult, GONE } from './send-webhook.ts';
import type { WebhookServices } from './webhook-services.ts';

const FAILING_TOO_LONG_MS = 3 * 24 * 60 * 60 * 1000;

interface Met extends Pick<AttemptResult, 'isDelivered' | 'status'> {
  /** It was the last attempt of its delivery. */
  isGivenUp: boolean;
}

/**
 * What an attempt says of its endpoint. One failure disables nothing, however long ago the one before was: where little happens, days
 * lie between two deliveries, and what failed once may be a hiccup.
 */
export async function judgeEndpoint(
  services: WebhookServices,
  asked: AskedEndpoint,
  { isDelivered, status, isGivenUp }: Met,
  nowMs: number,
): Promise<void> {
  const { database, log } = services;
  if (isDelivered) return void (await forgiveFailures(database, asked));
  if (status !== GONE && !isGivenUp) return void (await noteFailure(database, asked, nowMs));
  const disabled =
    status === GONE
      ? await disableWebhook(database, asked, { reason: 'The endpoint answered 410 Gone.', nowMs })
      : await noteAndDisable(services, asked, nowMs);
  if (disabled.length === 1) log({ level: 'info', event: 'webhook_disabled', webhook: asked.id });
}

async function noteAndDisable({ database }: WebhookServices, asked: AskedEndpoint, nowMs: number) {
  const reason = 'Nothing could be delivered for three days.';
  const failingSinceBeforeMs = nowMs - FAILING_TOO_LONG_MS;
  const [, disabled] = await database.batch([
    noteFailure(database, asked, nowMs),
    disableWebhook(database, asked, { reason, nowMs, failingSinceBeforeMs }),
  ]);
  return disabled;
}
