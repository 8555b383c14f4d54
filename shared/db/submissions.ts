import { and, count, eq, inArray, isNull, lt, type SQL, sql } from 'drizzle-orm';
import type { Database } from './database.ts';
import { type Creation, claimStillHolds } from './idempotency.ts';
import { organisations, type SUBMISSION_STAGES, submissions } from './schema.ts';

export type SubmissionRow = typeof submissions.$inferSelect;
export type SubmissionStage = (typeof SUBMISSION_STAGES)[number];

export type NewSubmission = Pick<
  SubmissionRow,
  'organisationId' | 'apiKeyId' | 'model' | 'metadata' | 'objectKey' | 'videoUrl' | 'contentHash' | 'createdAtMs'
>;

const isOpen = inArray(submissions.status, ['pending', 'processing']);
const isRunning = (id: string) => and(eq(submissions.id, id), eq(submissions.status, 'processing'));

/**
 * The row under this id, which is an earlier one where a client repeats a call that died after it had written it. null when the
 * claim of the `Idempotency-Key` has passed on: then the submission is another request's to make.
 */
export async function addSubmission(
  db: Database,
  creation: Creation,
  submission: NewSubmission,
): Promise<SubmissionRow | null> {
  const { id } = creation;
  const text = (value: string | null) => sql<string>`${value}`;
  const none = sql<number>`NULL`;
  const insert = db
    .insert(submissions)
    .select(
      db
        .select({
          id: text(id).as('id'),
          organisationId: organisations.id,
          apiKeyId: text(submission.apiKeyId).as('api_key_id'),
          model: text(submission.model).as('model'),
          metadata: sql<Record<string, unknown>>`${submission.metadata && JSON.stringify(submission.metadata)}`.as(
            'metadata',
          ),
          objectKey: text(submission.objectKey).as('object_key'),
          videoUrl: text(submission.videoUrl).as('video_url'),
          contentHash: text(submission.contentHash).as('content_hash'),
          status: sql<'pending'>`'pending'`.as('status'),
          attempts: sql<number>`0`.as('attempts'),
          stage: sql<SubmissionStage>`NULL`.as('stage'),
          stageDone: none.as('stage_done'),
          stageTotal: none.as('stage_total'),
          error: sql<string>`NULL`.as('error'),
          createdAtMs: sql<number>`${submission.createdAtMs}`.as('created_at_ms'),
          startedAtMs: none.as('started_at_ms'),
          updatedAtMs: sql<number>`${submission.createdAtMs}`.as('updated_at_ms'),
          completedAtMs: none.as('completed_at_ms'),
        })
        .from(organisations)
        .where(and(eq(organisations.id, submission.organisationId), claimStillHolds(db, creation))),
    )
    .onConflictDoNothing();
  const [, [row]] = await db.batch([insert, readSubmission(db, id)]);
  return row ?? null;
}

function readSubmission(db: Database, id: string) {
  return db.select().from(submissions).where(eq(submissions.id, id)).limit(1);
}

/** As if it had never been sent. False once somebody has begun to work on it: then it stays. */
export async function withdrawSubmission(db: Database, id: string): Promise<boolean> {
  const rows = await db
    .delete(submissions)
    .where(and(eq(submissions.id, id), eq(submissions.status, 'pending')))
    .returning({ id: submissions.id });
  return rows.length === 1;
}

export async function findSubmission(db: Database, organisationId: string, id: string): Promise<SubmissionRow | null> {
  const [row] = await db
    .select()
    .from(submissions)
    .where(and(eq(submissions.id, id), eq(submissions.organisationId, organisationId)))
    .limit(1);
  return row ?? null;
}

/** Whoever's it is: for jobs, which know nothing but its id. */
export async function findSubmissionById(db: Database, id: string): Promise<SubmissionRow | null> {
  const [row] = await readSubmission(db, id);
  return row ?? null;
}

const waiting = (organisationId: string) =>
  // The second condition is what the index that holds only open ones asks for.
  and(
    eq(submissions.organisationId, organisationId),
    isNull(submissions.completedAtMs),
    eq(submissions.status, 'pending'),
  );

/** Of one organisation; with an instant, only what was submitted before it. */
export async function countWaiting(db: Database, organisationId: string, beforeMs?: number): Promise<number> {
  const before = beforeMs === undefined ? undefined : lt(submissions.createdAtMs, beforeMs);
  const [row] = await db
    .select({ waiting: count() })
    .from(submissions)
    .where(and(waiting(organisationId), before));
  return row?.waiting ?? 0;
}

/** The row as it is now, begun once more unless it had ended. null when there is none. */
export async function beginAttempt(db: Database, id: string, nowMs: number): Promise<SubmissionRow | null> {
  const begin = db
    .update(submissions)
    .set({
      status: 'processing',
      attempts: sql`${submissions.attempts} + 1`,
      startedAtMs: nowMs,
      updatedAtMs: nowMs,
      stage: null,
      stageDone: null,
      stageTotal: null,
    })
    .where(and(eq(submissions.id, id), isOpen));
  const [, [row]] = await db.batch([begin, readSubmission(db, id)]);
  return row ?? null;
}

export interface Progress {
  stage: SubmissionStage;
  done: number | null;
  total: number | null;
}

/** False when the job has ended, or another attempt has begun: then what this one has to tell is of no interest. */
export async function recordProgress(
  db: Database,
  { id, attempts }: Pick<SubmissionRow, 'id' | 'attempts'>,
  { stage, done, total }: Progress,
  nowMs: number,
): Promise<boolean> {
  const rows = await db
    .update(submissions)
    .set({ stage, stageDone: done, stageTotal: total, updatedAtMs: nowMs })
    .where(and(isRunning(id), eq(submissions.attempts, attempts)))
    .returning({ id: submissions.id });
  return rows.length === 1;
}

/** False when it had ended before. */
export async function failSubmission(db: Database, id: string, error: string, nowMs: number): Promise<boolean> {
  const rows = await db
    .update(submissions)
    .set({ status: 'failed', error, completedAtMs: nowMs, updatedAtMs: nowMs, videoUrl: null })
    .where(and(eq(submissions.id, id), isOpen))
    .returning({ id: submissions.id });
  return rows.length === 1;
}

export function readRunningSubmission(db: Database, id: string) {
  return db.select({ id: submissions.id }).from(submissions).where(isRunning(id)).limit(1);
}

/** To be run in one batch with the charge. */
export function completeSubmission(db: Database, id: string, nowMs: number, paid: SQL) {
  return db
    .update(submissions)
    .set({ status: 'completed', completedAtMs: nowMs, updatedAtMs: nowMs, videoUrl: null })
    .where(and(isRunning(id), paid))
    .returning({ id: submissions.id });
}

/** Those that nobody has touched for long, marked as touched: their messages were lost, or wait behind many others. */
export async function takeStalled(
  db: Database,
  { untouchedSinceMs, nowMs, most }: { untouchedSinceMs: number; nowMs: number; most: number },
): Promise<SubmissionRow[]> {
  const stalled = db
    .select({ id: submissions.id })
    .from(submissions)
    .where(and(isNull(submissions.completedAtMs), lt(submissions.updatedAtMs, untouchedSinceMs)))
    .limit(most);
  return await db.update(submissions).set({ updatedAtMs: nowMs }).where(inArray(submissions.id, stalled)).returning();
}
