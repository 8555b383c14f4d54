import { and, asc, eq, isNotNull, isNull, ne, notExists, sql } from 'drizzle-orm';
import type { PageRequest } from '../contract/pagination.ts';
import { type Database, literal, newestFirst, olderThan } from './database.ts';
import { type Creation, claimStillHolds } from './idempotency.ts';
import { faceCollections, facePersons, organisations } from './schema.ts';

export type FaceCollectionRow = typeof faceCollections.$inferSelect;

const there = (organisationId: string, collectionId: string) =>
  and(
    eq(faceCollections.id, collectionId),
    eq(faceCollections.organisationId, organisationId),
    isNull(faceCollections.deletedAtMs),
  );

/** A retry of a creation that died comes with the same id, and finds what it made. null: the claim has passed to such a retry. */
export async function addCollection(
  db: Database,
  row: Pick<FaceCollectionRow, 'id' | 'organisationId' | 'name' | 'createdAtMs'>,
  creation: Creation,
): Promise<FaceCollectionRow | null> {
  const values = db
    .select({
      id: literal(row.id, 'id'),
      organisationId: organisations.id,
      name: literal(row.name, 'name'),
      shardCount: literal(1, 'shard_count'),
      personCount: literal(0, 'person_count'),
      deletedAtMs: literal(null, 'deleted_at_ms'),
      createdAtMs: literal(row.createdAtMs, 'created_at_ms'),
    })
    .from(organisations)
    .where(and(eq(organisations.id, row.organisationId), claimStillHolds(db, creation)));
  const [added] = await db
    .insert(faceCollections)
    .select(values)
    .onConflictDoUpdate({ target: faceCollections.id, set: { name: row.name } })
    .returning();
  return added ?? null;
}

export async function findCollection(
  db: Database,
  organisationId: string,
  collectionId: string,
): Promise<FaceCollectionRow | null> {
  const [row] = await db.select().from(faceCollections).where(there(organisationId, collectionId)).limit(1);
  return row ?? null;
}

export async function listCollections(
  db: Database,
  organisationId: string,
  page: PageRequest,
): Promise<FaceCollectionRow[]> {
  const visible = and(eq(faceCollections.organisationId, organisationId), isNull(faceCollections.deletedAtMs));
  return db
    .select()
    .from(faceCollections)
    .where(and(visible, olderThan(faceCollections, page.after)))
    .orderBy(...newestFirst(faceCollections))
    .limit(page.limit + 1);
}

export async function renameCollection(
  db: Database,
  organisationId: string,
  collectionId: string,
  name: string,
): Promise<FaceCollectionRow | null> {
  const [row] = await db.update(faceCollections).set({ name }).where(there(organisationId, collectionId)).returning();
  return row ?? null;
}

/** Two that find it full at once make one shard more between them. */
export async function addShard(db: Database, { id, shardCount }: FaceCollectionRow): Promise<void> {
  await db
    .update(faceCollections)
    .set({ shardCount: shardCount + 1 })
    .where(and(eq(faceCollections.id, id), eq(faceCollections.shardCount, shardCount)));
}

/** From now on it is not there. Marking it again, while what it held is being erased, changes nothing. */
export async function markCollectionDeleted(
  db: Database,
  organisationId: string,
  collectionId: string,
  nowMs: number,
): Promise<FaceCollectionRow | null> {
  const [row] = await db
    .update(faceCollections)
    .set({ deletedAtMs: sql`coalesce(${faceCollections.deletedAtMs}, ${nowMs})` })
    .where(and(eq(faceCollections.id, collectionId), eq(faceCollections.organisationId, organisationId)))
    .returning();
  return row ?? null;
}

/**
 * Its persons go with it. Only once nothing of them is left in its shards: until then the rows say where to look. While an
 * enrolment into it has come to no end, that is not so: it may reach a shard that has been erased already.
 */
export async function forgetCollection(db: Database, collectionId: string): Promise<void> {
  const unsettled = db
    .select({ id: facePersons.id })
    .from(facePersons)
    .where(and(eq(facePersons.collectionId, collectionId), ne(facePersons.state, 'enrolled')));
  await db
    .delete(faceCollections)
    .where(and(eq(faceCollections.id, collectionId), isNotNull(faceCollections.deletedAtMs), notExists(unsettled)));
}

/** Marked as deleted and still here: whoever deleted them was cut off. */
export async function deletedCollections(
  db: Database,
  { deletedBeforeMs, most }: { deletedBeforeMs: number; most: number },
): Promise<FaceCollectionRow[]> {
  return db
    .select()
    .from(faceCollections)
    .where(and(isNotNull(faceCollections.deletedAtMs), sql`${faceCollections.deletedAtMs} < ${deletedBeforeMs}`))
    .orderBy(asc(faceCollections.deletedAtMs))
    .limit(most);
}
