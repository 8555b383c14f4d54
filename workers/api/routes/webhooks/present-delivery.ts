import { iso, isoOrNull } from '#shared/contract/common.ts';
import type { WebhookDelivery, WebhookDeliveryWithAttempts } from '#shared/contract/webhooks.ts';
import type { AttemptRow, Delivery } from '#shared/db/webhook-deliveries.ts';

export function presentDelivery(row: Delivery): WebhookDelivery {
  return {
    id: row.id,
    webhook_id: row.webhookId,
    event_id: row.eventId,
    event: row.event,
    session_id: row.sessionId,
    url: row.url,
    state: row.state,
    attempts: row.attempts,
    next_attempt_at: isoOrNull(row.nextAttemptAtMs),
    created_at: iso(row.createdAtMs),
    ended_at: isoOrNull(row.endedAtMs),
  };
}

export function presentDeliveryWithAttempts(row: Delivery, attempts: AttemptRow[]): WebhookDeliveryWithAttempts {
  return {
    ...presentDelivery(row),
    attempt_log: attempts.map((attempt) => ({
      at: iso(attempt.atMs),
      status: attempt.status,
      duration_ms: attempt.durationMs,
      request_excerpt: attempt.requestExcerpt,
      response_excerpt: attempt.responseExcerpt,
      error: attempt.error,
    })),
  };
}
