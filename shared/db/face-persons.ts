import { and, asc, eq, exists, inArray, isNull, lt, ne, type SQL } from 'drizzle-orm';
import type { PageRequest } from '../contract/pagination.ts';
import { type Database, literal, newestFirst, olderThan } from './database.ts';
import { type Creation, claimStillHolds } from './idempotency.ts';
import { faceCollections, facePersons } from './schema.ts';

export type FacePersonRow = typeof facePersons.$inferSelect;

/** D1 takes 100 parameters in a statement. */
const IDS_AT_ONCE = 90;

const owned = (organisationId: string, personId: string) =>
  and(eq(facePersons.id, personId), eq(facePersons.organisationId, organisationId));
const enrolled = (organisationId: string, personId: string) =>
  and(owned(organisationId, personId), eq(facePersons.state, 'enrolled'));

/**
 * Says that a person is about to be enrolled, so that whatever becomes of it, somebody knows where to look. A retry comes with the
 * same id and finds the row of the request that died. null: the collection is gone, or the claim has passed to a retry.
 */
export async function beginEnrolment(
  db: Database,
  row: Omit<FacePersonRow, 'state' | 'updatedAtMs'>,
  creation: Creation,
): Promise<FacePersonRow | null> {
  const collectionIsThere = and(
    eq(faceCollections.id, row.collectionId),
    eq(faceCollections.organisationId, row.organisationId),
    isNull(faceCollections.deletedAtMs),
  );
  const values = db
    .select({
      id: literal(row.id, 'id'),
      organisationId: faceCollections.organisationId,
      collectionId: faceCollections.id,
      shard: literal(row.shard, 'shard'),
      name: literal(row.name, 'name'),
      state: literal('enrolling' as const, 'state'),
      faceCount: literal(row.faceCount, 'face_count'),
      createdAtMs: literal(row.createdAtMs, 'created_at_ms'),
      updatedAtMs: literal(row.createdAtMs, 'updated_at_ms'),
    })
    .from(faceCollections)
    .where(and(collectionIsThere, claimStillHolds(db, creation)));
  const [begun] = await db
    .insert(facePersons)
    .select(values)
    .onConflictDoUpdate({ target: facePersons.id, set: { updatedAtMs: row.createdAtMs } })
    .returning();
  return begun ?? null;
}

/** Another shard than first thought. False: somebody has withdrawn the enrolment meanwhile. */
export async function moveEnrolment(db: Database, personId: string, shard: number): Promise<boolean> {
  const moved = await db
    .update(facePersons)
    .set({ shard })
    .where(and(eq(facePersons.id, personId), eq(facePersons.state, 'enrolling')))
    .returning({ id: facePersons.id });
  return moved.length === 1;
}

/** For the batch that charges for it: `paid` is true there only. */
export function settleEnrolment(db: Database, personId: string, faceCount: number, nowMs: number, paid: SQL) {
  return db
    .update(facePersons)
    .set({ state: 'enrolled', faceCount, updatedAtMs: nowMs })
    .where(and(eq(facePersons.id, personId), eq(facePersons.state, 'enrolling'), paid))
    .returning({ id: facePersons.id });
}

export function readEnrolling(db: Database, personId: string) {
  return db
    .select({ id: facePersons.id })
    .from(facePersons)
    .innerJoin(faceCollections, eq(faceCollections.id, facePersons.collectionId))
    .where(and(eq(facePersons.id, personId), eq(facePersons.state, 'enrolling'), isNull(faceCollections.deletedAtMs)))
    .limit(1);
}

export function stillEnrolling(db: Database, personId: string): SQL {
  return exists(readEnrolling(db, personId));
}

export async function findPerson(
  db: Database,
  organisationId: string,
  personId: string,
): Promise<FacePersonRow | null> {
  const [row] = await selectVisible(db, enrolled(organisationId, personId)).limit(1);
  return row ?? null;
}

/** Of these ids, whoever can be found. */
export async function findPersons(
  db: Database,
  organisationId: string,
  personIds: readonly string[],
): Promise<FacePersonRow[]> {
  const rows: FacePersonRow[] = [];
  for (let at = 0; at < personIds.length; at += IDS_AT_ONCE) {
    const ids = personIds.slice(at, at + IDS_AT_ONCE);
    const which = and(
      inArray(facePersons.id, ids),
      eq(facePersons.organisationId, organisationId),
      eq(facePersons.state, 'enrolled'),
    );
    rows.push(...(await selectVisible(db, which)));
  }
  return rows;
}

export async function listPersons(
  db: Database,
  { organisationId, collectionId }: { organisationId: string; collectionId: string | null },
  page: PageRequest,
): Promise<FacePersonRow[]> {
  const which = and(
    collectionId === null ? eq(facePersons.organisationId, organisationId) : eq(facePersons.collectionId, collectionId),
    eq(facePersons.state, 'enrolled'),
    olderThan(facePersons, page.after),
  );
  return selectVisible(db, which)
    .orderBy(...newestFirst(facePersons))
    .limit(page.limit + 1);
}

/** Nobody of a collection that is being deleted. */
function selectVisible(db: Database, which: SQL | undefined) {
  return db
    .select({
      id: facePersons.id,
      organisationId: facePersons.organisationId,
      collectionId: facePersons.collectionId,
      shard: facePersons.shard,
      name: facePersons.name,
      state: facePersons.state,
      faceCount: facePersons.faceCount,
      createdAtMs: facePersons.createdAtMs,
      updatedAtMs: facePersons.updatedAtMs,
    })
    .from(facePersons)
    .innerJoin(faceCollections, eq(faceCollections.id, facePersons.collectionId))
    .where(and(which, isNull(faceCollections.deletedAtMs)));
}

export async function changePerson(
  db: Database,
  organisationId: string,
  personId: string,
  change: Partial<Pick<FacePersonRow, 'name' | 'faceCount'>> & { updatedAtMs: number },
): Promise<FacePersonRow | null> {
  const [row] = await db.update(facePersons).set(change).where(enrolled(organisationId, personId)).returning();
  return row ?? null;
}

/** From now on nobody finds this person. Marking again, while the gallery is being cleared, changes nothing. */
export async function markPersonDeleting(
  db: Database,
  organisationId: string,
  personId: string,
  nowMs: number,
): Promise<FacePersonRow | null> {
  const [row] = await db
    .update(facePersons)
    .set({ state: 'deleting', updatedAtMs: nowMs })
    .where(and(owned(organisationId, personId), ne(facePersons.state, 'enrolling')))
    .returning();
  return row ?? null;
}

/** An enrolment that comes to nothing. Whoever is enrolled by now stays: null. */
export async function withdrawEnrolment(db: Database, personId: string, nowMs: number): Promise<FacePersonRow | null> {
  const [row] = await db
    .update(facePersons)
    .set({ state: 'deleting', updatedAtMs: nowMs })
    .where(and(eq(facePersons.id, personId), ne(facePersons.state, 'enrolled')))
    .returning();
  return row ?? null;
}

/** Only once nothing is left in the gallery: until then the row says where to look. */
export async function forgetPerson(db: Database, personId: string): Promise<void> {
  await db.delete(facePersons).where(and(eq(facePersons.id, personId), eq(facePersons.state, 'deleting')));
}

/** Neither enrolled nor gone for so long that whoever was at it was cut off. */
export async function unsettledPersons(
  db: Database,
  { untouchedSinceMs, most }: { untouchedSinceMs: number; most: number },
): Promise<FacePersonRow[]> {
  return db
    .select()
    .from(facePersons)
    .where(and(ne(facePersons.state, 'enrolled'), lt(facePersons.updatedAtMs, untouchedSinceMs)))
    .orderBy(asc(facePersons.updatedAtMs))
    .limit(most);
}
