import { sql } from 'drizzle-orm';
import { check, index, integer, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core';
import { DELIVERY_STATES, WEBHOOK_EVENTS } from '../contract/webhook-events.ts';
import { organisations } from './schema.ts';

/** An endpoint of an organisation that wants to be told. */
export const webhooks = sqliteTable(
  'webhooks',
  {
    id: text().primaryKey(),
    organisationId: text('organisation_id')
      .notNull()
      .references(() => organisations.id, { onDelete: 'cascade' }),
    url: text().notNull(),
    /** None: all of them. */
    events: text({ mode: 'json' }).$type<string[]>().notNull(),
    description: text(),
    /** Sealed with a key of the deployment: the database alone gives nobody's secret away. */
    sealedSecret: text('sealed_secret').notNull(),
    /** The one before, honoured for a while after a rotation. */
    previousSealedSecret: text('previous_sealed_secret'),
    previousSecretUntilMs: integer('previous_secret_until_ms'),
    disabledAtMs: integer('disabled_at_ms'),
    disabledReason: text('disabled_reason'),
    /** Of the first failure since the last success. */
    failingSinceMs: integer('failing_since_ms'),
    createdAtMs: integer('created_at_ms').notNull(),
    updatedAtMs: integer('updated_at_ms').notNull(),
  },
  (table) => [
    index('webhooks_page').on(table.organisationId, table.createdAtMs, table.id),
    // Asked with each verdict: is there anybody to tell?
    index('webhooks_enabled').on(table.organisationId).where(sql`${table.disabledAtMs} IS NULL`),
    check('webhooks_disabled_says_why', sql`(${table.disabledAtMs} IS NULL) = (${table.disabledReason} IS NULL)`),
  ],
);

/** What happened and is to be told: written in the same transaction as that which happened. */
export const webhookEvents = sqliteTable(
  'webhook_events',
  {
    /** Also the `webhook-id` of each delivery. */
    id: text().primaryKey(),
    organisationId: text('organisation_id')
      .notNull()
      .references(() => organisations.id, { onDelete: 'cascade' }),
    event: text({ enum: WEBHOOK_EVENTS }).notNull(),
    sessionId: text('session_id'),
    data: text({ mode: 'json' }).$type<Record<string, unknown>>().notNull(),
    /** Told besides the endpoints. */
    callbackUrl: text('callback_url'),
    dispatchedAtMs: integer('dispatched_at_ms'),
    createdAtMs: integer('created_at_ms').notNull(),
  },
  (table) => [
    index('webhook_events_undispatched')
      .on(table.organisationId, table.createdAtMs)
      .where(sql`${table.dispatchedAtMs} IS NULL`),
    // Old ones are forgotten by it.
    index('webhook_events_age').on(table.createdAtMs),
    // Not for reads: without it, deleting an organisation would scan the table.
    index('webhook_events_organisation').on(table.organisationId),
  ],
);

/** One event on its way to one endpoint. */
export const webhookDeliveries = sqliteTable(
  'webhook_deliveries',
  {
    id: text().primaryKey(),
    organisationId: text('organisation_id')
      .notNull()
      .references(() => organisations.id, { onDelete: 'cascade' }),
    /** null: to the callback of a session. */
    webhookId: text('webhook_id').references(() => webhooks.id, { onDelete: 'cascade' }),
    eventId: text('event_id')
      .notNull()
      .references(() => webhookEvents.id, { onDelete: 'cascade' }),
    url: text().notNull(),
    state: text({ enum: DELIVERY_STATES }).notNull(),
    /** Of the present round: sending again by hand begins a new one. */
    attempts: integer().notNull().default(0),
    /** While an attempt runs: when it is given up for lost. */
    nextAttemptAtMs: integer('next_attempt_at_ms'),
    createdAtMs: integer('created_at_ms').notNull(),
    endedAtMs: integer('ended_at_ms'),
  },
  (table) => [
    index('webhook_deliveries_page').on(table.organisationId, table.createdAtMs, table.id),
    index('webhook_deliveries_state_page').on(table.organisationId, table.state, table.createdAtMs, table.id),
    index('webhook_deliveries_webhook_page').on(table.webhookId, table.createdAtMs, table.id),
    index('webhook_deliveries_webhook_state_page').on(table.webhookId, table.state, table.createdAtMs, table.id),
    // An event goes to an endpoint once, however often it is dispatched.
    uniqueIndex('webhook_deliveries_once').on(table.eventId, table.webhookId),
    uniqueIndex('webhook_deliveries_callback_once').on(table.eventId).where(sql`${table.webhookId} IS NULL`),
    // What a lost message has left behind is found by it.
    index('webhook_deliveries_due').on(table.nextAttemptAtMs).where(sql`${table.nextAttemptAtMs} IS NOT NULL`),
    check(
      'webhook_deliveries_end_is_whole',
      sql`(${table.state} = 'pending') = (${table.endedAtMs} IS NULL) AND (${table.state} = 'pending') = (${table.nextAttemptAtMs} IS NOT NULL)`,
    ),
  ],
);

export const webhookAttempts = sqliteTable(
  'webhook_attempts',
  {
    id: text().primaryKey(),
    deliveryId: text('delivery_id')
      .notNull()
      .references(() => webhookDeliveries.id, { onDelete: 'cascade' }),
    atMs: integer('at_ms').notNull(),
    /** null: no answer came. */
    status: integer(),
    durationMs: integer('duration_ms').notNull(),
    requestExcerpt: text('request_excerpt').notNull(),
    responseExcerpt: text('response_excerpt'),
    error: text(),
  },
  (table) => [index('webhook_attempts_page').on(table.deliveryId, table.atMs, table.id)],
);
