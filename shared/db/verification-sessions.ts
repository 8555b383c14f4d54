import { and, desc, eq, gt, gte, isNull, lt, or, sql } from 'drizzle-orm';
import type { PageRequest } from '../contract/pagination.ts';
import { isOpen } from '../lib/session-state.ts';
import { type Database, newestFirst, olderThan } from './database.ts';
import { sessionEvents, verificationSessions } from './schema-sessions.ts';

export type VerificationSessionRow = typeof verificationSessions.$inferSelect;
export type SessionEventRow = typeof sessionEvents.$inferSelect;
export type SessionChange = Partial<
  Omit<VerificationSessionRow, 'id' | 'organisationId' | 'apiKeyId' | 'createdAtMs' | 'revision'>
>;

/** To be run in one batch with its first audit entry, whose number then is taken: a repeated creation writes nothing. */
export function insertSession(db: Database, row: VerificationSessionRow) {
  return db.insert(verificationSessions).values(row);
}

/**
 * To be run in one batch with the audit entry of the same number. The number is unique, so of two that change the same session at
 * once one fails with all that it wrote.
 */
export function updateSession(db: Database, id: string, change: SessionChange, revision: number) {
  return db
    .update(verificationSessions)
    .set({ ...change, revision })
    .where(eq(verificationSessions.id, id));
}

export function insertSessionEvent(db: Database, event: SessionEventRow) {
  return db.insert(sessionEvents).values(event);
}

export async function findSession(
  db: Database,
  organisationId: string,
  id: string,
): Promise<VerificationSessionRow | null> {
  const row = await findSessionById(db, id);
  return row?.organisationId === organisationId ? row : null;
}

export async function findSessionById(db: Database, id: string): Promise<VerificationSessionRow | null> {
  const [row] = await db.select().from(verificationSessions).where(eq(verificationSessions.id, id)).limit(1);
  return row ?? null;
}

export async function lastSessionEvent(db: Database, sessionId: string): Promise<SessionEventRow | null> {
  const [row] = await db
    .select()
    .from(sessionEvents)
    .where(eq(sessionEvents.sessionId, sessionId))
    .orderBy(desc(sessionEvents.sequence))
    .limit(1);
  return row ?? null;
}

export async function hasSessionEvent(db: Database, id: string): Promise<boolean> {
  const rows = await db.select({ id: sessionEvents.id }).from(sessionEvents).where(eq(sessionEvents.id, id)).limit(1);
  return rows.length === 1;
}

/** In the order in which it happened. */
export async function listSessionEvents(db: Database, sessionId: string, limit: number): Promise<SessionEventRow[]> {
  return db
    .select()
    .from(sessionEvents)
    .where(eq(sessionEvents.sessionId, sessionId))
    .orderBy(sessionEvents.sequence)
    .limit(limit);
}

/** Open ones whose time is over are neither open nor, before their alarm has ended them, found among the expired. */
function inState(state: VerificationSessionRow['state'], nowMs: number) {
  const { expiresAtMs, checkUntilMs } = verificationSessions;
  const isStill = sql`max(${expiresAtMs}, coalesce(${checkUntilMs}, 0)) > ${nowMs}`;
  return and(eq(verificationSessions.state, state), isOpen({ state }) ? isStill : undefined);
}

export async function listSessions(
  db: Database,
  filter: { organisationId: string; state?: VerificationSessionRow['state'] | undefined; nowMs: number },
  page: PageRequest,
): Promise<VerificationSessionRow[]> {
  return db
    .select()
    .from(verificationSessions)
    .where(
      and(
        eq(verificationSessions.organisationId, filter.organisationId),
        filter.state === undefined ? undefined : inState(filter.state, filter.nowMs),
        olderThan(verificationSessions, page.after),
      ),
    )
    .orderBy(...newestFirst(verificationSessions))
    .limit(page.limit + 1);
}

/** Whose alarm has not come, the longest overdue first. */
export async function listOverdueSessions(db: Database, nowMs: number, most: number): Promise<string[]> {
  const rows = await db
    .select({ id: verificationSessions.id })
    .from(verificationSessions)
    .where(and(isNull(verificationSessions.endedAtMs), lt(verificationSessions.expiresAtMs, nowMs)))
    .orderBy(verificationSessions.expiresAtMs)
    .limit(most);
  return rows.map(({ id }) => id);
}

export interface ReusableQuery {
  organisationId: string;
  userIdentifier: string;
  riskLevel: VerificationSessionRow['riskLevel'];
  leastFrames?: number | undefined;
  endedAfterMs: number;
  nowMs: number;
}

/** The newest session whose attestation still holds. One that found another person than before is not to be used again. */
export async function findReusableSession(db: Database, query: ReusableQuery): Promise<VerificationSessionRow | null> {
  const [row] = await db
    .select()
    .from(verificationSessions)
    .where(
      and(
        eq(verificationSessions.organisationId, query.organisationId),
        eq(verificationSessions.userIdentifier, query.userIdentifier),
        gt(verificationSessions.endedAtMs, query.endedAfterMs),
        eq(verificationSessions.state, 'completed'),
        eq(verificationSessions.riskLevel, query.riskLevel),
        query.leastFrames === undefined ? undefined : gte(verificationSessions.frameCount, query.leastFrames),
        gt(verificationSessions.attestationExpiresAtMs, query.nowMs),
        or(isNull(verificationSessions.matchFound), sql`${verificationSessions.matchFound} = 1`),
      ),
    )
    .orderBy(desc(verificationSessions.endedAtMs))
    .limit(1);
  return row ?? null;
}
