import { iso, isoOrNull } from '#shared/contract/common.ts';
import type { Webhook } from '#shared/contract/webhooks.ts';
import type { Webhook as WebhookRecord } from '#shared/db/webhooks.ts';

export function presentWebhook(row: WebhookRecord, nowMs: number): Webhook {
  const { previousSecretUntilMs: untilMs } = row;
  return {
    id: row.id,
    url: row.url,
    events: row.events,
    description: row.description,
    enabled: row.disabledAtMs === null,
    disabled_at: isoOrNull(row.disabledAtMs),
    disabled_reason: row.disabledReason,
    failing_since: isoOrNull(row.failingSinceMs),
    previous_secret_until: isoOrNull(untilMs !== null && untilMs > nowMs ? untilMs : null),
    created_at: iso(row.createdAtMs),
    updated_at: iso(row.updatedAtMs),
  };
}
