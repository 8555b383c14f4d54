import { and, asc, eq, inArray, isNull, lt } from 'drizzle-orm';
import type { Database } from './database.ts';
import { webhookEvents } from './schema-webhooks.ts';

export type WebhookEventRow = typeof webhookEvents.$inferSelect;

const undispatched = (organisationId: string) =>
  and(eq(webhookEvents.organisationId, organisationId), isNull(webhookEvents.dispatchedAtMs));

export async function hasUndispatched(db: Database, organisationId: string): Promise<boolean> {
  const rows = await db
    .select({ organisationId: webhookEvents.organisationId })
    .from(webhookEvents)
    .where(undispatched(organisationId))
    .limit(1);
  return rows.length === 1;
}

/** Oldest first. */
export async function listUndispatched(db: Database, organisationId: string, most: number): Promise<WebhookEventRow[]> {
  return await db
    .select()
    .from(webhookEvents)
    .where(undispatched(organisationId))
    .orderBy(asc(webhookEvents.createdAtMs))
    .limit(most);
}

export async function organisationsWithUndispatched(db: Database, most: number): Promise<string[]> {
  const rows = await db
    .selectDistinct({ organisationId: webhookEvents.organisationId })
    .from(webhookEvents)
    .where(isNull(webhookEvents.dispatchedAtMs))
    .limit(most);
  return rows.map((row) => row.organisationId);
}

/** To be run in one batch with the deliveries. */
export function markDispatched(db: Database, eventId: string, nowMs: number) {
  return db
    .update(webhookEvents)
    .set({ dispatchedAtMs: nowMs })
    .where(and(eq(webhookEvents.id, eventId), isNull(webhookEvents.dispatchedAtMs)));
}

/** Nothing is written where it is there already. */
export function insertEvent(db: Database, event: typeof webhookEvents.$inferInsert) {
  return db.insert(webhookEvents).values(event).onConflictDoNothing();
}

/** With their deliveries and what was logged of them. How many there were. */
export async function forgetEvents(db: Database, beforeMs: number, most: number): Promise<number> {
  const old = db
    .select({ id: webhookEvents.id })
    .from(webhookEvents)
    .where(lt(webhookEvents.createdAtMs, beforeMs))
    .limit(most);
  const forgotten = await db
    .delete(webhookEvents)
    .where(inArray(webhookEvents.id, old))
    .returning({ id: webhookEvents.id });
  return forgotten.length;
}
