import { and, eq, exists, isNull, sql } from 'drizzle-orm';
import type { WebhookEvent } from '../contract/webhook-events.ts';
import { type Database, literal } from '../db/database.ts';
import { organisations } from '../db/schema.ts';
import { webhookEvents, webhooks } from '../db/schema-webhooks.ts';

export interface NewWebhookEvent {
  id: string;
  organisationId: string;
  event: WebhookEvent;
  sessionId: string | null;
  data: Record<string, unknown>;
  createdAtMs: number;
  /** Told besides the endpoints. */
  callbackUrl?: string | null;
}

/**
 * Puts an event in the outbox, to be run in one batch with that which happened: neither is there without the other. Where nobody
 * listens, nothing is written. `announceEvents` afterwards makes it leave at once; forgotten, it leaves with the next sweep.
 */
export function webhookEventStatement(db: Database, event: NewWebhookEvent) {
  const { callbackUrl = null } = event;
  const listened = exists(
    db
      .select({ id: webhooks.id })
      .from(webhooks)
      .where(
        and(
          eq(webhooks.organisationId, event.organisationId),
          isNull(webhooks.disabledAtMs),
          // An endpoint that names no events listens to all of them.
          sql`(${webhooks.events} = '[]' OR EXISTS (SELECT 1 FROM json_each(${webhooks.events}) WHERE value = ${event.event}))`,
        ),
      ),
  );
  return db.insert(webhookEvents).select(
    db
      .select({
        id: literal(event.id, 'id'),
        organisationId: organisations.id,
        event: literal(event.event, 'event'),
        sessionId: literal(event.sessionId, 'session_id'),
        data: sql<Record<string, unknown>>`${JSON.stringify(event.data)}`.as('data'),
        callbackUrl: literal(callbackUrl, 'callback_url'),
        dispatchedAtMs: literal<number | null>(null, 'dispatched_at_ms'),
        createdAtMs: literal(event.createdAtMs, 'created_at_ms'),
      })
      .from(organisations)
      .where(and(eq(organisations.id, event.organisationId), callbackUrl === null ? listened : undefined)),
  );
}
