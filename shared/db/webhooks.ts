import { and, count, eq, gt, isNotNull, isNull, lte, type SQL, sql } from 'drizzle-orm';
import type { PageRequest } from '../contract/pagination.ts';
import { type Database, literal, newestFirst, olderThan } from './database.ts';
import { type Creation, claimStillHolds } from './idempotency.ts';
import { organisations } from './schema.ts';
import { webhooks } from './schema-webhooks.ts';

export type WebhookRow = typeof webhooks.$inferSelect;
/** What may be shown; what seals and signs stays where it is. */
export type Webhook = Omit<WebhookRow, 'sealedSecret' | 'previousSealedSecret'>;

export const MOST_WEBHOOKS = 20;

const shown = {
  id: webhooks.id,
  organisationId: webhooks.organisationId,
  url: webhooks.url,
  events: webhooks.events,
  description: webhooks.description,
  previousSecretUntilMs: webhooks.previousSecretUntilMs,
  disabledAtMs: webhooks.disabledAtMs,
  disabledReason: webhooks.disabledReason,
  failingSinceMs: webhooks.failingSinceMs,
  createdAtMs: webhooks.createdAtMs,
  updatedAtMs: webhooks.updatedAtMs,
};

const owned = (organisationId: string, webhookId: string) =>
  and(eq(webhooks.id, webhookId), eq(webhooks.organisationId, organisationId));

export type NewWebhook = Pick<
  WebhookRow,
  'organisationId' | 'url' | 'events' | 'description' | 'sealedSecret' | 'createdAtMs'
>;

/** The row under this id, an earlier one where a call is repeated that had written it; null when there are too many already. */
export async function addWebhook(db: Database, creation: Creation, webhook: NewWebhook): Promise<WebhookRow | null> {
  const none = <Value>(name: string) => literal<Value | null>(null, name);
  const { id } = creation;
  const counted = db
    .select({ webhooks: count() })
    .from(webhooks)
    .where(eq(webhooks.organisationId, webhook.organisationId));
  const insert = db
    .insert(webhooks)
    .select(
      db
        .select({
          id: literal(id, 'id'),
          organisationId: organisations.id,
          url: literal(webhook.url, 'url'),
          events: sql<string[]>`${JSON.stringify(webhook.events)}`.as('events'),
          description: literal(webhook.description, 'description'),
          sealedSecret: literal(webhook.sealedSecret, 'sealed_secret'),
          previousSealedSecret: none<string>('previous_sealed_secret'),
          previousSecretUntilMs: none<number>('previous_secret_until_ms'),
          disabledAtMs: none<number>('disabled_at_ms'),
          disabledReason: none<string>('disabled_reason'),
          failingSinceMs: none<number>('failing_since_ms'),
          createdAtMs: literal(webhook.createdAtMs, 'created_at_ms'),
          updatedAtMs: literal(webhook.createdAtMs, 'updated_at_ms'),
        })
        .from(organisations)
        .where(
          and(
            eq(organisations.id, webhook.organisationId),
            sql`(${counted}) < ${MOST_WEBHOOKS}`,
            claimStillHolds(db, creation),
          ),
        ),
    )
    .onConflictDoNothing();
  const read = db.select().from(webhooks).where(owned(webhook.organisationId, id)).limit(1);
  const [, [row]] = await db.batch([insert, read]);
  return row ?? null;
}

export async function listWebhooks(db: Database, organisationId: string, page: PageRequest): Promise<Webhook[]> {
  return await db
    .select(shown)
    .from(webhooks)
    .where(and(eq(webhooks.organisationId, organisationId), olderThan(webhooks, page.after)))
    .orderBy(...newestFirst(webhooks))
    .limit(page.limit + 1);
}

export async function findWebhook(db: Database, organisationId: string, webhookId: string): Promise<Webhook | null> {
  const [row] = await db.select(shown).from(webhooks).where(owned(organisationId, webhookId)).limit(1);
  return row ?? null;
}

export async function listEnabledWebhooks(
  db: Database,
  organisationId: string,
): Promise<Pick<WebhookRow, 'id' | 'url' | 'events'>[]> {
  return await db
    .select({ id: webhooks.id, url: webhooks.url, events: webhooks.events })
    .from(webhooks)
    .where(and(eq(webhooks.organisationId, organisationId), isNull(webhooks.disabledAtMs)))
    .limit(MOST_WEBHOOKS);
}

/** What is absent or undefined stays as it is. */
export interface WebhookChange {
  url?: string | undefined;
  events?: string[] | undefined;
  description?: string | null | undefined;
  enabled?: boolean | undefined;
}

/**
 * An endpoint that is enabled again, or lies elsewhere from now on, has its failures forgiven. One that is disabled already keeps its
 * reason.
 */
export async function changeWebhook(
  db: Database,
  organisationId: string,
  webhookId: string,
  { enabled, ...change }: WebhookChange,
  nowMs: number,
): Promise<Webhook | null> {
  const [row] = await db
    .update(webhooks)
    .set({ ...change, ...moveTo(change.url), ...switchTo(enabled, nowMs), updatedAtMs: nowMs })
    .where(owned(organisationId, webhookId))
    .returning(shown);
  return row ?? null;
}

function moveTo(url: string | undefined) {
  if (url === undefined) return {};
  return { failingSinceMs: sql`CASE WHEN ${webhooks.url} = ${url} THEN ${webhooks.failingSinceMs} END` };
}

function switchTo(enabled: boolean | undefined, nowMs: number) {
  if (enabled === undefined) return {};
  if (enabled) return { disabledAtMs: null, disabledReason: null, failingSinceMs: null };
  return {
    disabledAtMs: sql`coalesce(${webhooks.disabledAtMs}, ${nowMs})`,
    disabledReason: sql`coalesce(${webhooks.disabledReason}, 'Disabled by its owner.')`,
  };
}

/**
 * The old secret is honoured for a while, so that a receiver can change over without losing anything. A rotation that is repeated
 * within that time keeps the oldest: it is the one that receivers know, and the secret between may have reached nobody.
 */
export async function replaceSecret(
  db: Database,
  organisationId: string,
  webhookId: string,
  { sealedSecret, previousUntilMs, nowMs }: { sealedSecret: string; previousUntilMs: number; nowMs: number },
): Promise<Webhook | null> {
  const isHonoured = gt(webhooks.previousSecretUntilMs, nowMs);
  const [row] = await db
    .update(webhooks)
    .set({
      previousSealedSecret: sql`CASE WHEN ${isHonoured} THEN ${webhooks.previousSealedSecret} ELSE ${webhooks.sealedSecret} END`,
      previousSecretUntilMs: sql`CASE WHEN ${isHonoured} THEN ${webhooks.previousSecretUntilMs} ELSE ${previousUntilMs} END`,
      sealedSecret,
      updatedAtMs: nowMs,
    })
    .where(owned(organisationId, webhookId))
    .returning(shown);
  return row ?? null;
}

/** With its deliveries. */
export async function removeWebhook(db: Database, organisationId: string, webhookId: string): Promise<Webhook | null> {
  const [row] = await db.delete(webhooks).where(owned(organisationId, webhookId)).returning(shown);
  return row ?? null;
}

/** Where an attempt went. What it met says nothing of an endpoint that lies elsewhere by now. */
export type AskedEndpoint = Pick<WebhookRow, 'id' | 'url'>;

const isStillThere = ({ id, url }: AskedEndpoint) => and(eq(webhooks.id, id), eq(webhooks.url, url));

export function forgiveFailures(db: Database, asked: AskedEndpoint) {
  return db
    .update(webhooks)
    .set({ failingSinceMs: null })
    .where(and(isStillThere(asked), isNotNull(webhooks.failingSinceMs)));
}

export function noteFailure(db: Database, asked: AskedEndpoint, nowMs: number) {
  return db
    .update(webhooks)
    .set({ failingSinceMs: nowMs })
    .where(and(isStillThere(asked), isNull(webhooks.failingSinceMs)));
}

export function disableWebhook(
  db: Database,
  asked: AskedEndpoint,
  { reason, nowMs, failingSinceBeforeMs }: { reason: string; nowMs: number; failingSinceBeforeMs?: number },
) {
  const longEnough: SQL | undefined =
    failingSinceBeforeMs === undefined ? undefined : lte(webhooks.failingSinceMs, failingSinceBeforeMs);
  return db
    .update(webhooks)
    .set({ disabledAtMs: nowMs, disabledReason: reason, updatedAtMs: nowMs })
    .where(and(isStillThere(asked), isNull(webhooks.disabledAtMs), longEnough))
    .returning({ id: webhooks.id });
}
