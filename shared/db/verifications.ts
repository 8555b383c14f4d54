import { and, asc, desc, eq, exists, gte, lt, type SQL, sql } from 'drizzle-orm';
import type { PageRequest } from '../contract/pagination.ts';
import { type Database, newestFirst, olderThan } from './database.ts';
import { creditEntries, type StoredResult, verifications } from './schema.ts';

export type { StoredResult } from './schema.ts';
export type VerificationRow = typeof verifications.$inferSelect;

/** One per organisation, route and session id: that is what makes a check idempotent. */
export interface VerificationScope {
  organisationId: string;
  operation: string;
  sessionId: string;
}

export interface NewClaim extends VerificationScope {
  id: string;
  apiKeyId: string;
  claimToken: string;
  startedAtMs: number;
  leaseEndsAtMs: number;
}

export interface HeldVerification {
  id: string;
  claimToken: string;
}

/** A verdict with what it was given on; nothing of it is absent. */
export interface Verdict {
  contentHash: string;
  source: 'media' | 'live';
  result: StoredResult;
  bgSegmentation: boolean | null;
  metadata: Record<string, unknown> | null;
}

export interface VerdictToStore extends Verdict, HeldVerification {}

/** Of a check that held no claim while it ran. */
export interface NewVerdict extends Verdict, VerificationScope {
  id: string;
  apiKeyId: string | null;
  startedAtMs: number;
}

const sameScope = (scope: VerificationScope) =>
  and(
    eq(verifications.organisationId, scope.organisationId),
    eq(verifications.sessionId, scope.sessionId),
    eq(verifications.operation, scope.operation),
  );

const held = (claim: HeldVerification) =>
  and(
    eq(verifications.id, claim.id),
    eq(verifications.claimToken, claim.claimToken),
    eq(verifications.state, 'running'),
  );

/** Claims the session for this request. One that is done, or whose request still lives, stays whose it is. */
export async function claimVerification(
  db: Database,
  claim: NewClaim,
  nowMs: number,
): Promise<{ claimed: true; id: string } | { claimed: false }> {
  const { apiKeyId, claimToken, startedAtMs, leaseEndsAtMs } = claim;
  const [row] = await db
    .insert(verifications)
    .values({ ...claim, state: 'running', createdAtMs: nowMs })
    .onConflictDoUpdate({
      target: [verifications.organisationId, verifications.sessionId, verifications.operation],
      set: { apiKeyId, claimToken, startedAtMs, leaseEndsAtMs },
      setWhere: sql`${and(eq(verifications.state, 'running'), lt(verifications.leaseEndsAtMs, nowMs))}`,
    })
    .returning({ id: verifications.id });
  return row ? { claimed: true, id: row.id } : { claimed: false };
}

/** False when another request has taken over. */
export async function renewClaim(db: Database, claim: HeldVerification, leaseEndsAtMs: number): Promise<boolean> {
  const rows = await db
    .update(verifications)
    .set({ leaseEndsAtMs })
    .where(held(claim))
    .returning({ id: verifications.id });
  return rows.length === 1;
}

/** The session is free again, as if nobody had asked. A verdict that is there stays. */
export async function releaseVerification(db: Database, claim: HeldVerification): Promise<void> {
  await db.delete(verifications).where(held(claim));
}

/** A condition for the statement that charges, so that it and the claim are looked at in one moment. */
export function verificationStillHeld(db: Database, claim: HeldVerification): SQL {
  return exists(readHeld(db, claim));
}

export function readHeld(db: Database, claim: HeldVerification) {
  return db.select({ id: verifications.id }).from(verifications).where(held(claim)).limit(1);
}

/** Stores the verdict if the claim holds and the check is paid for. To be run in one batch with the charge. */
export function storePaidVerdict(db: Database, verdict: VerdictToStore, paid: SQL | undefined) {
  const { result } = verdict;
  return db
    .update(verifications)
    .set({
      state: 'done',
      claimToken: null,
      leaseEndsAtMs: null,
      contentHash: verdict.contentHash,
      model: result.model,
      verdict: result.verdict,
      source: verdict.source,
      inputSource: result.input_source,
      result,
      warnings: result.warnings,
      bgSegmentation: verdict.bgSegmentation,
      metadata: verdict.metadata,
      createdAtMs: Date.parse(result.created_at),
    })
    .where(and(held(verdict), exists(db.select({ id: creditEntries.id }).from(creditEntries).where(paid))))
    .returning({ id: verifications.id });
}

/** Stores the verdict if the check is paid for, in one batch with the charge. */
export function insertPaidVerdict(db: Database, verdict: NewVerdict, paid: SQL | undefined) {
  const { result } = verdict;
  const text = (value: string | null) => sql<string>`${value}`;
  const json = <Value>(value: Value | null) => sql<Value>`${value === null ? null : JSON.stringify(value)}`;
  return db
    .insert(verifications)
    .select(
      db
        .select({
          id: text(verdict.id).as('id'),
          organisationId: creditEntries.organisationId,
          apiKeyId: text(verdict.apiKeyId).as('api_key_id'),
          operation: text(verdict.operation).as('operation'),
          sessionId: text(verdict.sessionId).as('session_id'),
          state: sql<'done'>`'done'`.as('state'),
          claimToken: text(null).as('claim_token'),
          leaseEndsAtMs: sql<number>`${null}`.as('lease_ends_at_ms'),
          contentHash: text(verdict.contentHash).as('content_hash'),
          model: text(result.model).as('model'),
          verdict: sql<StoredResult['verdict']>`${result.verdict}`.as('verdict'),
          source: sql<'media' | 'live'>`${verdict.source}`.as('source'),
          inputSource: sql<StoredResult['input_source']>`${result.input_source}`.as('input_source'),
          result: json(result).as('result'),
          warnings: json(result.warnings).as('warnings'),
          bgSegmentation: sql<boolean>`${verdict.bgSegmentation === null ? null : Number(verdict.bgSegmentation)}`.as(
            'bg_segmentation',
          ),
          metadata: json(verdict.metadata).as('metadata'),
          startedAtMs: sql<number>`${verdict.startedAtMs}`.as('started_at_ms'),
          clientTimeMs: sql<number>`${null}`.as('client_time_ms'),
          createdAtMs: sql<number>`${Date.parse(result.created_at)}`.as('created_at_ms'),
        })
        .from(creditEntries)
        .where(paid),
    )
    .returning({ id: verifications.id });
}

/** Whatever its state. */
export async function findVerification(db: Database, scope: VerificationScope): Promise<VerificationRow | null> {
  const [row] = await db.select().from(verifications).where(sameScope(scope)).limit(1);
  return row ?? null;
}

const ofSession = (organisationId: string, sessionId: string) =>
  and(eq(verifications.organisationId, organisationId), eq(verifications.sessionId, sessionId));

const doneOfSession = (organisationId: string, sessionId: string) =>
  and(ofSession(organisationId, sessionId), eq(verifications.state, 'done'));

/** The newest verdict under a session id, whichever route it came by. */
export async function findVerdictOfSession(
  db: Database,
  organisationId: string,
  sessionId: string,
): Promise<VerificationRow | null> {
  const [row] = await db
    .select()
    .from(verifications)
    .where(doneOfSession(organisationId, sessionId))
    .orderBy(desc(verifications.createdAtMs))
    .limit(1);
  return row ?? null;
}

/** What a session id has come to on any route: the newest verdict, else the claim that lives, or lived, longest. */
export async function findCheckOfSession(
  db: Database,
  organisationId: string,
  sessionId: string,
): Promise<VerificationRow | null> {
  const [row] = await db
    .select()
    .from(verifications)
    .where(ofSession(organisationId, sessionId))
    // By the alphabet `done` comes before `running`.
    .orderBy(asc(verifications.state), desc(verifications.leaseEndsAtMs), desc(verifications.createdAtMs))
    .limit(1);
  return row ?? null;
}

/** On the newest verdict under a session id. False when there is none. */
export async function recordClientTime(
  db: Database,
  organisationId: string,
  sessionId: string,
  clientTimeMs: number,
): Promise<boolean> {
  const newest = db
    .select({ id: verifications.id })
    .from(verifications)
    .where(doneOfSession(organisationId, sessionId))
    .orderBy(desc(verifications.createdAtMs))
    .limit(1);
  const rows = await db
    .update(verifications)
    .set({ clientTimeMs })
    .where(eq(verifications.id, sql`(${newest})`))
    .returning({ id: verifications.id });
  return rows.length === 1;
}

export interface VerdictFilter {
  organisationId: string;
  fromMs?: number | undefined;
  toMs?: number | undefined;
  model?: string | undefined;
  verdict?: 'live' | 'fake' | undefined;
}

export async function listVerdicts(db: Database, filter: VerdictFilter, page: PageRequest): Promise<VerificationRow[]> {
  return db
    .select()
    .from(verifications)
    .where(
      and(
        eq(verifications.organisationId, filter.organisationId),
        eq(verifications.state, 'done'),
        filter.model === undefined ? undefined : eq(verifications.model, filter.model),
        filter.verdict === undefined ? undefined : eq(verifications.verdict, filter.verdict),
        filter.fromMs === undefined ? undefined : gte(verifications.createdAtMs, filter.fromMs),
        filter.toMs === undefined ? undefined : lt(verifications.createdAtMs, filter.toMs),
        olderThan(verifications, page.after),
      ),
    )
    .orderBy(...newestFirst(verifications))
    .limit(page.limit + 1);
}

/** Claims of requests that have died, once nobody can be waiting for them any more. */
export async function deleteAbandonedClaims(db: Database, leaseEndedBeforeMs: number): Promise<void> {
  await db.delete(verifications).where(lt(verifications.leaseEndsAtMs, leaseEndedBeforeMs));
}
