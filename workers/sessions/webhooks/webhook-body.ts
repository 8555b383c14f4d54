import { iso } from '#shared/contract/common.ts';
import type { WebhookEventRow } from '#shared/db/webhook-events.ts';

/** The same bytes at each attempt. */
export function webhookBody({ event, sessionId, createdAtMs, data }: WebhookEventRow): string {
  return JSON.stringify({ event, session_id: sessionId, timestamp: iso(createdAtMs), data });
}
