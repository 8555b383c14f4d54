import { and, asc, desc, eq, lte, ne, sql } from 'drizzle-orm';
import type { PageRequest } from '../contract/pagination.ts';
import type { DeliveryState } from '../contract/webhook-events.ts';
import { type Database, newestFirst, olderThan } from './database.ts';
import { webhookAttempts, webhookDeliveries, webhookEvents, webhooks } from './schema-webhooks.ts';
import type { WebhookEventRow } from './webhook-events.ts';
import type { WebhookRow } from './webhooks.ts';

export type DeliveryRow = typeof webhookDeliveries.$inferSelect;
export type AttemptRow = typeof webhookAttempts.$inferSelect;
export type NewDelivery = Pick<
  DeliveryRow,
  'id' | 'organisationId' | 'webhookId' | 'eventId' | 'url' | 'createdAtMs' | 'nextAttemptAtMs'
>;
/** As it is listed: with what it is about. */
export type Delivery = DeliveryRow & Pick<WebhookEventRow, 'event' | 'sessionId'>;

/** Nothing is written where the same event is on its way to the same endpoint already. */
export function insertDelivery(db: Database, delivery: NewDelivery) {
  return db
    .insert(webhookDeliveries)
    .values({ ...delivery, state: 'pending' })
    .onConflictDoNothing()
    .returning({ id: webhookDeliveries.id });
}

const isPending = (id: string) => and(eq(webhookDeliveries.id, id), eq(webhookDeliveries.state, 'pending'));

/** Takes the attempt that is due for this message: whoever comes at the same time gets null. */
export async function beginAttempt(
  db: Database,
  id: string,
  { nowMs, lostAtMs }: { nowMs: number; lostAtMs: number },
): Promise<DeliveryRow | null> {
  const [row] = await db
    .update(webhookDeliveries)
    .set({ attempts: sql`${webhookDeliveries.attempts} + 1`, nextAttemptAtMs: lostAtMs })
    .where(and(isPending(id), lte(webhookDeliveries.nextAttemptAtMs, nowMs)))
    .returning();
  return row ?? null;
}

/** null when it has ended, or is not there. */
export async function nextAttemptAtMs(db: Database, id: string): Promise<number | null> {
  const [row] = await db
    .select({ nextAttemptAtMs: webhookDeliveries.nextAttemptAtMs })
    .from(webhookDeliveries)
    .where(eq(webhookDeliveries.id, id))
    .limit(1);
  return row?.nextAttemptAtMs ?? null;
}

/** What is to be told, and to whom; null for the endpoint of a callback. */
export async function readLetter(
  db: Database,
  { eventId, webhookId }: Pick<DeliveryRow, 'eventId' | 'webhookId'>,
): Promise<{ event: WebhookEventRow; webhook: WebhookRow | null } | null> {
  const [[event], [webhook]] = await db.batch([
    db.select().from(webhookEvents).where(eq(webhookEvents.id, eventId)).limit(1),
    db
      .select()
      .from(webhooks)
      .where(eq(webhooks.id, webhookId ?? ''))
      .limit(1),
  ]);
  if (event === undefined || (webhookId !== null && webhook === undefined)) return null;
  return { event, webhook: webhook ?? null };
}

export interface AttemptOutcome {
  state: DeliveryState;
  nextAttemptAtMs: number | null;
  endedAtMs: number | null;
}

/** Of an attempt that was given up for lost, and begun again by another message, the outcome is not this one's to tell. */
export function settleAttempt(
  db: Database,
  delivery: Pick<DeliveryRow, 'id' | 'attempts' | 'url'>,
  outcome: AttemptOutcome,
) {
  return db
    .update(webhookDeliveries)
    .set({ ...outcome, url: delivery.url })
    .where(and(isPending(delivery.id), eq(webhookDeliveries.attempts, delivery.attempts)))
    .returning({ id: webhookDeliveries.id });
}

export function insertAttempt(db: Database, attempt: AttemptRow) {
  return db.insert(webhookAttempts).values(attempt);
}

export async function failDelivery(db: Database, id: string, nowMs: number): Promise<boolean> {
  const rows = await db
    .update(webhookDeliveries)
    .set({ state: 'failed', nextAttemptAtMs: null, endedAtMs: nowMs })
    .where(isPending(id))
    .returning({ id: webhookDeliveries.id });
  return rows.length === 1;
}

/** A new round of attempts. null while one is under way. */
export async function beginAgain(
  db: Database,
  organisationId: string,
  id: string,
  nowMs: number,
): Promise<DeliveryRow | null> {
  const [row] = await db
    .update(webhookDeliveries)
    .set({ state: 'pending', attempts: 0, nextAttemptAtMs: nowMs, endedAtMs: null })
    .where(and(owned(organisationId, id), ne(webhookDeliveries.state, 'pending')))
    .returning();
  return row ?? null;
}

/** Their messages were lost, or wait behind many others. */
export async function listOverdue(db: Database, dueBeforeMs: number, most: number): Promise<string[]> {
  const rows = await db
    .select({ id: webhookDeliveries.id })
    .from(webhookDeliveries)
    .where(lte(webhookDeliveries.nextAttemptAtMs, dueBeforeMs))
    .orderBy(asc(webhookDeliveries.nextAttemptAtMs))
    .limit(most);
  return rows.map((row) => row.id);
}

const owned = (organisationId: string, id: string) =>
  and(eq(webhookDeliveries.id, id), eq(webhookDeliveries.organisationId, organisationId));

function withEvent(db: Database) {
  return db
    .select({
      id: webhookDeliveries.id,
      organisationId: webhookDeliveries.organisationId,
      webhookId: webhookDeliveries.webhookId,
      eventId: webhookDeliveries.eventId,
      url: webhookDeliveries.url,
      state: webhookDeliveries.state,
      attempts: webhookDeliveries.attempts,
      nextAttemptAtMs: webhookDeliveries.nextAttemptAtMs,
      createdAtMs: webhookDeliveries.createdAtMs,
      endedAtMs: webhookDeliveries.endedAtMs,
      event: webhookEvents.event,
      sessionId: webhookEvents.sessionId,
    })
    .from(webhookDeliveries)
    .innerJoin(webhookEvents, eq(webhookEvents.id, webhookDeliveries.eventId));
}

export interface DeliveryFilter {
  webhookId: string | null;
  state: DeliveryState | null;
}

/** A webhook that is named must be known to be the organisation's. */
export async function listDeliveries(
  db: Database,
  organisationId: string,
  { webhookId, state }: DeliveryFilter,
  page: PageRequest,
): Promise<Delivery[]> {
  const whose =
    webhookId === null
      ? eq(webhookDeliveries.organisationId, organisationId)
      : // The sign keeps the planner from the index of the organisation, which may be long where that of the webhook is short.
        and(eq(webhookDeliveries.webhookId, webhookId), sql`+${webhookDeliveries.organisationId} = ${organisationId}`);
  return await withEvent(db)
    .where(
      and(
        whose,
        state === null ? undefined : eq(webhookDeliveries.state, state),
        olderThan(webhookDeliveries, page.after),
      ),
    )
    .orderBy(...newestFirst(webhookDeliveries))
    .limit(page.limit + 1);
}

export async function findDelivery(db: Database, organisationId: string, id: string): Promise<Delivery | null> {
  const [row] = await withEvent(db).where(owned(organisationId, id)).limit(1);
  return row ?? null;
}

export async function findDeliveryOfEvent(db: Database, eventId: string, webhookId: string): Promise<Delivery | null> {
  const [row] = await withEvent(db)
    .where(and(eq(webhookDeliveries.eventId, eventId), eq(webhookDeliveries.webhookId, webhookId)))
    .limit(1);
  return row ?? null;
}

/** The newest ones, oldest first. */
export async function listAttempts(db: Database, deliveryId: string, most: number): Promise<AttemptRow[]> {
  const rows = await db
    .select()
    .from(webhookAttempts)
    .where(eq(webhookAttempts.deliveryId, deliveryId))
    .orderBy(desc(webhookAttempts.atMs), desc(webhookAttempts.id))
    .limit(most);
  return rows.reverse();
}
