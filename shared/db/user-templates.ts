import { and, eq, notInArray, sql } from 'drizzle-orm';
import type { BatchItem } from 'drizzle-orm/batch';
import { type Database, literal, newestFirst } from './database.ts';
import { userTemplates } from './schema-attestations.ts';

export type UserTemplateRow = typeof userTemplates.$inferSelect;
export interface UserAddress {
  organisationId: string;
  userIdentifier: string;
}
export interface NewUserTemplate extends UserTemplateRow {
  /** The newest template when it was compared, null where there was none. When that has changed it is not remembered. */
  basedOn: string | null;
}

/** Kept of a user; the oldest make room. People change, and five sessions say enough. */
export const MOST_TEMPLATES = 5;

const ofUser = ({ organisationId, userIdentifier }: UserAddress) =>
  and(eq(userTemplates.organisationId, organisationId), eq(userTemplates.userIdentifier, userIdentifier));

/** Of one user, the newest first. */
export async function listUserTemplates(db: Database, user: UserAddress): Promise<UserTemplateRow[]> {
  return await db
    .select()
    .from(userTemplates)
    .where(ofUser(user))
    .orderBy(...newestFirst(userTemplates))
    .limit(MOST_TEMPLATES);
}

/**
 * To be run in the batch that ends the session: it is remembered if that went well, and not otherwise. Of two first sessions at once
 * one is remembered, and nothing comes back that was erased in between.
 */
export function rememberUserStatements(db: Database, template: NewUserTemplate): BatchItem<'sqlite'>[] {
  const newest = (limit: number) =>
    db
      .select({ id: userTemplates.id })
      .from(userTemplates)
      .where(ofUser(template))
      .orderBy(...newestFirst(userTemplates))
      .limit(limit);
  return [
    db.insert(userTemplates).select(
      db
        .select({
          id: literal(template.id, 'id'),
          organisationId: literal(template.organisationId, 'organisation_id'),
          userIdentifier: literal(template.userIdentifier, 'user_identifier'),
          sessionId: literal(template.sessionId, 'session_id'),
          sealed: literal(template.sealed, 'sealed'),
          createdAtMs: literal(template.createdAtMs, 'created_at_ms'),
        })
        .from(sql`(SELECT 1)`)
        // IS, so that null equals null.
        .where(sql`(${newest(1)}) IS ${template.basedOn}`),
    ),
    db.delete(userTemplates).where(and(ofUser(template), notInArray(userTemplates.id, newest(MOST_TEMPLATES)))),
  ];
}

/** How many there were. */
export async function eraseUserTemplates(db: Database, user: UserAddress): Promise<number> {
  const erased = await db.delete(userTemplates).where(ofUser(user)).returning({ id: userTemplates.id });
  return erased.length;
}
