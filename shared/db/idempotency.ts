import { and, eq, exists, isNull, lt, or, type SQL, sql } from 'drizzle-orm';
import type { Database } from './database.ts';
import { idempotencyRecords } from './schema.ts';

export type IdempotencyRow = typeof idempotencyRecords.$inferSelect;

export interface IdempotencyScope {
  apiKeyId: string;
  operation: string;
  keyHash: string;
}

const sameScope = (scope: IdempotencyScope) =>
  and(
    eq(idempotencyRecords.apiKeyId, scope.apiKeyId),
    eq(idempotencyRecords.operation, scope.operation),
    eq(idempotencyRecords.keyHash, scope.keyHash),
  );

export interface HeldClaim extends IdempotencyScope {
  lockedUntilMs: number;
}

export interface Claim extends HeldClaim {
  requestHash: string;
  resourceId: string;
  expiresAtMs: number;
}

/**
 * Claims the key for this request. Whoever comes second gets the row of the first, except when that row has expired, or
 * when its request died without an answer and its lock ran out: then the claim passes on, resource id included.
 */
export async function claimIdempotencyKey(
  db: Database,
  claim: Claim,
  nowMs: number,
): Promise<{ claimed: boolean; row: IdempotencyRow }> {
  const expired = lt(idempotencyRecords.expiresAtMs, nowMs);
  const abandoned = and(
    isNull(idempotencyRecords.sealedOutcome),
    lt(idempotencyRecords.lockedUntilMs, nowMs),
    eq(idempotencyRecords.requestHash, claim.requestHash),
  );
  const resourceId = sql`case when ${expired} then ${claim.resourceId} else ${idempotencyRecords.resourceId} end`;
  const insert = db
    .insert(idempotencyRecords)
    .values(claim)
    .onConflictDoUpdate({
      target: [idempotencyRecords.apiKeyId, idempotencyRecords.operation, idempotencyRecords.keyHash],
      set: {
        resourceId,
        requestHash: claim.requestHash,
        sealedOutcome: null,
        lockedUntilMs: claim.lockedUntilMs,
        expiresAtMs: claim.expiresAtMs,
      },
      setWhere: sql`${or(expired, abandoned)}`,
    })
    .returning();
  const [claimed, [existing]] = await db.batch([
    insert,
    db.select().from(idempotencyRecords).where(sameScope(claim)).limit(1),
  ]);
  const own = claimed[0];
  if (own) return { claimed: true, row: own };
  if (!existing) throw new Error('an idempotency claim neither won nor lost');
  return { claimed: false, row: existing };
}

/** Nobody has taken over, and nothing is answered yet. */
const unansweredSince = (lockedUntilMs: number) =>
  and(eq(idempotencyRecords.lockedUntilMs, lockedUntilMs), isNull(idempotencyRecords.sealedOutcome));

const stillHeld = (claim: HeldClaim) => and(sameScope(claim), unansweredSince(claim.lockedUntilMs));

/** What is to be made, and under which claim of an `Idempotency-Key`, if under any. */
export interface Creation {
  id: string;
  claimedUntilMs: number | null;
}

/** A condition for the statement that creates, so that it and the claim are looked at in one moment. */
export function claimStillHolds(db: Database, { id, claimedUntilMs }: Creation): SQL | undefined {
  if (claimedUntilMs === null) return undefined;
  const held = and(eq(idempotencyRecords.resourceId, id), unansweredSince(claimedUntilMs));
  return exists(db.select({ id: idempotencyRecords.resourceId }).from(idempotencyRecords).where(held));
}

/** False when another request has taken the claim over: then the answer is that one's to give. */
export async function storeFirstOutcome(db: Database, claim: HeldClaim, sealedOutcome: string): Promise<boolean> {
  const stored = await db
    .update(idempotencyRecords)
    .set({ sealedOutcome })
    .where(stillHeld(claim))
    .returning({ resourceId: idempotencyRecords.resourceId });
  return stored.length === 1;
}

/** After a failure of ours the key is free again, so that a retry is carried out; the resource id stays. */
export async function releaseClaim(db: Database, claim: HeldClaim): Promise<void> {
  await db.update(idempotencyRecords).set({ lockedUntilMs: 0 }).where(stillHeld(claim));
}

export async function deleteExpiredIdempotencyRecords(db: Database, nowMs: number): Promise<void> {
  await db.delete(idempotencyRecords).where(lt(idempotencyRecords.expiresAtMs, nowMs));
}
