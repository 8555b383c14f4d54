import { and, eq, gte, sql } from 'drizzle-orm';
import type { PageRequest } from '../contract/pagination.ts';
import { type Database, newestFirst, olderThan } from './database.ts';
import { creditEntries, organisations, usageEvents } from './schema.ts';
import {
  claimStatement,
  type NewClaim,
  readHeld,
  releaseStatement,
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
  const reference = `${usage.operation}:${usage.sessionId}`;
  const { organisationId, credits, createdAtMs } = usage;
  const entryOfCheck = and(eq(creditEntries.organisationId, organisationId), eq(creditEntries.reference, reference));
  const takeCredits = db
    .insert(creditEntries)
    .select(
      db
        .select({
          id: sql<string>`${newEntryId}`.as('id'),
          organisationId: organisations.id,
          kind: sql<'charge'>`'charge'`.as('kind'),
          amount: sql<number>`${-credits}`.as('amount'),
          balanceAfter: sql<number>`${organisations.creditBalance} - ${credits}`.as('balance_after'),
          reference: sql<string>`${reference}`.as('reference'),
          createdAtMs: sql<number>`${createdAtMs}`.as('created_at_ms'),
        })
        .from(organisations)
        .where(
          and(
            eq(organisations.id, organisationId),
            gte(organisations.creditBalance, credits),
            verdict === null ? undefined : verificationStillHeld(db, verdict),
          ),
        ),
    )
    .onConflictDoNothing()
    .returning({ id: creditEntries.id });
  const readEntry = db.select({ id: creditEntries.id }).from(creditEntries).where(entryOfCheck).limit(1);
  const writeUsage = db
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
          verdict: sql<'live' | 'fake'>`${usage.verdict}`.as('verdict'),
          score: sql<number>`${usage.score}`.as('score'),
          credits: sql<number>`${credits}`.as('credits'),
          framesProcessed: sql<number>`${usage.framesProcessed}`.as('frames_processed'),
          processingMs: sql<number>`${usage.processingMs}`.as('processing_ms'),
          createdAtMs: sql<number>`${createdAtMs}`.as('created_at_ms'),
        })
        .from(creditEntries)
        .where(entryOfCheck),
    )
    .onConflictDoNothing();
  if (verdict !== null) {
    const storeVerdict = storePaidVerdict(db, verdict, entryOfCheck);
    const settle = [readHeld(db, verdict), takeCredits, writeUsage, storeVerdict] as const;
    const withClaim = async (claim: NewClaim) => {
      // Given up at the end of the same transaction, should the credits not be there.
      const statements = [claimStatement(db, claim, createdAtMs), ...settle, releaseStatement(db, verdict)] as const;
      const [, held, , , stored] = await db.batch(statements);
      return { held, stored };
    };
    const withHeldClaim = async () => {
      const [held, , , stored] = await db.batch(settle);
      return { held, stored };
    };
    const { held, stored } = verdict.claimNow ? await withClaim(verdict.claimNow) : await withHeldClaim();
    if (stored.length === 1) return { outcome: 'charged' };
    return { outcome: held.length === 1 ? 'insufficient' : 'claim_lost' };
  }
  const [taken, entry] = await db.batch([takeCredits, readEntry, writeUsage]);
  if (taken.length === 1) return { outcome: 'charged' };
  return { outcome: entry.length === 1 ? 'already_charged' : 'insufficient' };
}
