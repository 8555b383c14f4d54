import { sql } from 'drizzle-orm';
import { check, index, integer, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core';
import { organisations } from './schema.ts';

/** Of the deployment, not of an organisation. A handful of rows: one is added a month. */
export const signingKeys = sqliteTable(
  'signing_keys',
  {
    /** RFC 7638 thumbprint of the public part. */
    kid: text().primaryKey(),
    publicJwk: text('public_jwk', { mode: 'json' }).$type<StoredPublicJwk>().notNull(),
    /** null once nothing more is to be signed with it. */
    sealedPrivateJwk: text('sealed_private_jwk'),
    /** Published from then on. */
    createdAtMs: integer('created_at_ms').notNull(),
    /** Signs from then on. */
    activeFromMs: integer('active_from_ms').notNull(),
    /** Signs no more from then on; it stays published, for what it signed is kept. */
    retiresAtMs: integer('retires_at_ms').notNull(),
    /** Published no more from then on: nothing that it signed is to be believed. */
    revokedAtMs: integer('revoked_at_ms'),
  },
  (table) => [
    check('signing_keys_revoked_cannot_sign', sql`${table.revokedAtMs} IS NULL OR ${table.sealedPrivateJwk} IS NULL`),
  ],
);

export interface StoredPublicJwk {
  kty: 'EC';
  crv: 'P-256';
  x: string;
  y: string;
}

/** What a user of an organisation's looked like in a session that went well. Personal data: kept with consent, erased on demand. */
export const userTemplates = sqliteTable(
  'user_templates',
  {
    id: text().primaryKey(),
    organisationId: text('organisation_id')
      .notNull()
      .references(() => organisations.id, { onDelete: 'cascade' }),
    /** The organisation's own name for the user. */
    userIdentifier: text('user_identifier').notNull(),
    sessionId: text('session_id').notNull(),
    /** The numbers, sealed with a key of the deployment: the database alone shows nobody's face. */
    sealed: text().notNull(),
    createdAtMs: integer('created_at_ms').notNull(),
  },
  (table) => [
    index('user_templates_newest').on(table.organisationId, table.userIdentifier, table.createdAtMs, table.id),
    // A session is remembered once, however often what ended it is written.
    uniqueIndex('user_templates_session').on(table.sessionId),
  ],
);
