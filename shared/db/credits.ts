import { and, eq, exists, gte, type SQL, sql } from 'drizzle-orm';
import type { PageRequest } from '../contract/pagination.ts';
import { type Database, newestFirst, olderThan } from './database.ts';
import { readEnrolling, settleEnrolment, stillEnrolling } from './face-persons.ts';
import { creditEntries, organisations, usageEvents } from './schema.ts';
import { completeSubmission, readRunningSubmission } from './submissions.ts';
import {
  insertPaidVerdict,
  type NewVerdict,
  readHeld,
  storePaidVerdict,
  type VerdictToStore,
  verificationStillHeld,
} from './verifications.ts';

export type CreditEntryRow = typeof creditEntries.$inferSelect;
export type NewUsageEvent = typeof usageEvents.$inferInsert;
export type ChargeOutcome = 'charged' | 'already_charged' | 'insufficient' | 'claim_lost';

export async function readBalance(db: Database, organisationId: string): Promise<number> {
  const [row] = await db
    .select({ balance: organisations.creditBalance })
    .from(organisations)
    .where(eq(organisations.id, organisationId))
    .limit(1);
  return row?.balance ?? 0;
}

export async function listCreditEntries(
  db: Database,
  organisationId: string,
  page: PageRequest,
): Promise<CreditEntryRow[]> {
  return db
    .select()
    .from(creditEntries)
    .where(and(eq(creditEntries.organisationId, organisationId), olderThan(creditEntries, page.after)))
    .orderBy(...newestFirst(creditEntries))
    .limit(page.limit + 1);
}

/**
 * Takes the credits of one finished check and writes its usage row, both or neither, once however often it is called:
 * the reference is unique in the ledger, and one D1 batch is one transaction. Without enough credits nothing is written.
 * With a verdict, that is stored in the same batch, and only while its claim holds: a request that has lost its claim
 * writes nothing and takes nothing.
 */
export async function chargeCheck(
  db: Database,
  usage: NewUsageEvent,
  newEntryId: string,
  verdict: VerdictToStore | null = null,
): Promise<{ outcome: ChargeOutcome }> {
  const entryOfCheck = ofCheck(usage);
  const writeUsage = usageStatement(db, usage, entryOfCheck);
  if (verdict !== null) {
    const takeCredits = chargeStatement(db, usage, newEntryId, verificationStillHeld(db, verdict));
    const storeVerdict = storePaidVerdict(db, verdict, entryOfCheck);
    const [held, , , stored] = await db.batch([readHeld(db, verdict), takeCredits, writeUsage, storeVerdict]);
    if (stored.length === 1) return { outcome: 'charged' };
    return { outcome: held.length === 1 ? 'insufficient' : 'claim_lost' };
  }
  const takeCredits = chargeStatement(db, usage, newEntryId, undefined);
  const [taken, entry] = await db.batch([takeCredits, readEntry(db, entryOfCheck), writeUsage]);
  if (taken.length === 1) return { outcome: 'charged' };
  return { outcome: entry.length === 1 ? 'already_charged' : 'insufficient' };
}

/**
 * The same for a check that held no claim while it ran. Whoever charges first gives the verdict: charge, usage row and verdict
 * are written together, so where there is a charge there is a verdict, and a second one writes nothing.
 */
export async function chargeUnclaimedCheck(
  db: Database,
  usage: NewUsageEvent,
  newEntryId: string,
  verdict: NewVerdict,
): Promise<{ outcome: ChargeOutcome }> {
  const ownEntry = and(eq(creditEntries.id, newEntryId), ofCheck(usage));
  const [, , stored] = await db.batch([
    chargeStatement(db, usage, newEntryId, undefined),
    usageStatement(db, usage, ownEntry),
    insertPaidVerdict(db, verdict, ownEntry),
  ]);
  if (stored.length === 1) return { outcome: 'charged' };
  const [earlier] = await readEntry(db, ofCheck(usage));
  return { outcome: earlier ? 'claim_lost' : 'insufficient' };
}

/**
 * The same for a video. Its job may run more than once at a time, so the statement that charges looks whether the submission
 * is still being worked on, and the one that ends it comes last, in the same transaction: what has failed is never charged, and
 * what is charged is completed.
 */
export async function chargeSubmission(
  db: Database,
  usage: NewUsageEvent,
  newEntryId: string,
  verdict: NewVerdict,
  submissionId: string,
): Promise<{ outcome: ChargeOutcome }> {
  const ownEntry = and(eq(creditEntries.id, newEntryId), ofCheck(usage));
  const [running, , , , ended] = await db.batch([
    readRunningSubmission(db, submissionId),
    chargeStatement(db, usage, newEntryId, exists(readRunningSubmission(db, submissionId))),
    usageStatement(db, usage, ownEntry),
    insertPaidVerdict(db, verdict, ownEntry),
    completeSubmission(db, submissionId, usage.createdAtMs, exists(readEntry(db, ownEntry))),
  ]);
  if (ended.length === 1) return { outcome: 'charged' };
  return { outcome: running.length === 1 ? 'insufficient' : 'claim_lost' };
}

/**
 * The same for a person who is enrolled: charge, usage row and enrolment together, while the enrolment is still under way. What
 * was withdrawn meanwhile is never charged, and whoever is charged for can be found.
 */
export async function chargeEnrolment(
  db: Database,
  usage: NewUsageEvent,
  newEntryId: string,
  person: { id: string; faceCount: number },
): Promise<{ outcome: ChargeOutcome }> {
  const ownEntry = and(eq(creditEntries.id, newEntryId), ofCheck(usage));
  const paid = exists(readEntry(db, ownEntry));
  const [enrolling, , , settled] = await db.batch([
    readEnrolling(db, person.id),
    chargeStatement(db, usage, newEntryId, stillEnrolling(db, person.id)),
    usageStatement(db, usage, ownEntry),
    settleEnrolment(db, person.id, person.faceCount, usage.createdAtMs, paid),
  ]);
  if (settled.length === 1) return { outcome: 'charged' };
  return { outcome: enrolling.length === 1 ? 'insufficient' : 'claim_lost' };
}

function ofCheck({ organisationId, operation, sessionId }: NewUsageEvent): SQL | undefined {
  return and(
    eq(creditEntries.organisationId, organisationId),
    eq(creditEntries.reference, `${operation}:${sessionId}`),
  );
}

function readEntry(db: Database, entry: SQL | undefined) {
  return db.select({ id: creditEntries.id }).from(creditEntries).where(entry).limit(1);
}

function chargeStatement(db: Database, usage: NewUsageEvent, newEntryId: string, condition: SQL | undefined) {
  const { organisationId, operation, sessionId, credits, createdAtMs } = usage;
  return db
    .insert(creditEntries)
    .select(
      db
        .select({
          id: sql<string>`${newEntryId}`.as('id'),
          organisationId: organisations.id,
          kind: sql<'charge'>`'charge'`.as('kind'),
          amount: sql<number>`${-credits}`.as('amount'),
          balanceAfter: sql<number>`${organisations.creditBalance} - ${credits}`.as('balance_after'),
          reference: sql<string>`${`${operation}:${sessionId}`}`.as('reference'),
          createdAtMs: sql<number>`${createdAtMs}`.as('created_at_ms'),
        })
        .from(organisations)
        .where(and(eq(organisations.id, organisationId), gte(organisations.creditBalance, credits), condition)),
    )
    .onConflictDoNothing()
    .returning({ id: creditEntries.id });
}

function usageStatement(db: Database, usage: NewUsageEvent, paid: SQL | undefined) {
  return db
    .insert(usageEvents)
    .select(
      db
        .select({
          id: sql<string>`${usage.id}`.as('id'),
          organisationId: creditEntries.organisationId,
          apiKeyId: sql<string | null>`${usage.apiKeyId ?? null}`.as('api_key_id'),
          operation: sql<string>`${usage.operation}`.as('operation'),
          sessionId: sql<string>`${usage.sessionId}`.as('session_id'),
          model: sql<string>`${usage.model}`.as('model'),
          verdict: sql<'live' | 'fake' | null>`${usage.verdict ?? null}`.as('verdict'),
          score: sql<number | null>`${usage.score ?? null}`.as('score'),
          credits: sql<number>`${usage.credits}`.as('credits'),
          framesProcessed: sql<number>`${usage.framesProcessed}`.as('frames_processed'),
          processingMs: sql<number>`${usage.processingMs}`.as('processing_ms'),
          createdAtMs: sql<number>`${usage.createdAtMs}`.as('created_at_ms'),
        })
        .from(creditEntries)
        .where(paid),
    )
    .onConflictDoNothing();
}
