import { sql } from 'drizzle-orm';
import { check, index, integer, real, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core';
import { VERDICTS } from '../contract/checks.ts';
import { CONSENTS, FAILURE_REASONS, RISK_LEVELS, SESSION_STATES } from '../contract/sessions.ts';
import { apiKeys, organisations } from './schema.ts';

/** One question put to one person: is somebody there who agrees to this? Written by its Durable Object alone. */
export const verificationSessions = sqliteTable(
  'verification_sessions',
  {
    id: text().primaryKey(),
    organisationId: text('organisation_id')
      .notNull()
      .references(() => organisations.id, { onDelete: 'cascade' }),
    /** By which it was made. Its links are worth nothing any more once that key is revoked, or gone. */
    apiKeyId: text('api_key_id').references(() => apiKeys.id, { onDelete: 'set null' }),
    state: text({ enum: SESSION_STATES }).notNull(),
    actionDescription: text('action_description').notNull(),
    riskLevel: text('risk_level', { enum: RISK_LEVELS }).notNull(),
    model: text().notNull(),
    frameCount: integer('frame_count').notNull(),
    userIdentifier: text('user_identifier'),
    requireUserMatch: integer('require_user_match', { mode: 'boolean' }).notNull(),
    callbackUrl: text('callback_url'),
    metadata: text({ mode: 'json' }).$type<Record<string, unknown>>(),
    maxAttempts: integer('max_attempts').notNull(),
    /** Attempts that have their verdict. */
    attempts: integer().notNull(),
    attestationSeconds: integer('attestation_seconds').notNull(),
    consent: text({ enum: CONSENTS }),
    /** Of the last attempt. */
    verdict: text({ enum: VERDICTS }),
    confidence: real(),
    warning: text(),
    /** null where nothing was compared. */
    matchFound: integer('match_found', { mode: 'boolean' }),
    similarityScore: real('similarity_score'),
    failureReason: text('failure_reason', { enum: FAILURE_REASONS }),
    attestation: text(),
    attestationExpiresAtMs: integer('attestation_expires_at_ms'),
    /** Where tokens and attestations are said to come from. */
    origin: text().notNull(),
    /** Changes with every change. Whoever writes on what it read before writes nothing. */
    revision: integer().notNull(),
    createdAtMs: integer('created_at_ms').notNull(),
    startedAtMs: integer('started_at_ms'),
    endedAtMs: integer('ended_at_ms'),
    expiresAtMs: integer('expires_at_ms').notNull(),
    /** Until when a check that was begun in time may still end; null where none was begun near the end. */
    checkUntilMs: integer('check_until_ms'),
  },
  (table) => [
    index('verification_sessions_page').on(table.organisationId, table.createdAtMs, table.id),
    index('verification_sessions_state_page').on(table.organisationId, table.state, table.createdAtMs, table.id),
    index('verification_sessions_user').on(table.organisationId, table.userIdentifier, table.endedAtMs),
    // What an alarm has forgotten, or never got, is found by it.
    index('verification_sessions_open').on(table.expiresAtMs).where(sql`${table.endedAtMs} IS NULL`),
    // Not for reads: without it, deleting a key would scan the table to clear the reference.
    index('verification_sessions_api_key').on(table.apiKeyId),
    check(
      'verification_sessions_end_is_whole',
      sql`(${table.state} IN ('pending', 'in_progress')) = (${table.endedAtMs} IS NULL) AND (${table.state} = 'completed') = (${table.attestation} IS NOT NULL)`,
    ),
  ],
);

/** Who did what, when. Rows are never changed: triggers refuse it, and each is chained to the one before by its hash. */
export const sessionEvents = sqliteTable(
  'session_events',
  {
    id: text().primaryKey(),
    organisationId: text('organisation_id')
      .notNull()
      .references(() => organisations.id, { onDelete: 'cascade' }),
    sessionId: text('session_id').notNull(),
    sequence: integer().notNull(),
    /** `key:<id>`, `person` (who holds the link), `system`. */
    actor: text().notNull(),
    action: text().notNull(),
    details: text({ mode: 'json' }).$type<Record<string, unknown>>(),
    client: text({ mode: 'json' }).$type<Record<string, string>>(),
    previousHash: text('previous_hash').notNull(),
    hash: text().notNull(),
    createdAtMs: integer('created_at_ms').notNull(),
  },
  (table) => [
    uniqueIndex('session_events_sequence').on(table.sessionId, table.sequence),
    // Not for reads: without it, deleting an organisation would scan the table.
    index('session_events_organisation').on(table.organisationId),
  ],
);
