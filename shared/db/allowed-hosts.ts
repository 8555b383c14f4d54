import { and, eq, inArray } from 'drizzle-orm';
import type { PageRequest } from '../contract/pagination.ts';
import { type Database, newestFirst, olderThan } from './database.ts';
import { allowedHosts } from './schema.ts';

export type AllowedHostRow = typeof allowedHosts.$inferSelect;

/** Ids of the organisations that allow any of `patterns`. */
export async function organisationsAllowing(db: Database, patterns: string[]): Promise<string[]> {
  const rows = await db
    .selectDistinct({ organisationId: allowedHosts.organisationId })
    .from(allowedHosts)
    .where(inArray(allowedHosts.originPattern, patterns));
  return rows.map((row) => row.organisationId);
}

/** The row, or `null` when the organisation has that origin already under another id. */
export async function addHost(db: Database, row: AllowedHostRow): Promise<AllowedHostRow | null> {
  await db.insert(allowedHosts).values(row).onConflictDoNothing();
  return findHost(db, row.organisationId, row.id);
}

export async function listHosts(db: Database, organisationId: string, page: PageRequest): Promise<AllowedHostRow[]> {
  return db
    .select()
    .from(allowedHosts)
    .where(and(eq(allowedHosts.organisationId, organisationId), olderThan(allowedHosts, page.after)))
    .orderBy(...newestFirst(allowedHosts))
    .limit(page.limit + 1);
}

const owned = (organisationId: string, hostId: string) =>
  and(eq(allowedHosts.id, hostId), eq(allowedHosts.organisationId, organisationId));

export async function findHost(db: Database, organisationId: string, hostId: string): Promise<AllowedHostRow | null> {
  const [row] = await db.select().from(allowedHosts).where(owned(organisationId, hostId)).limit(1);
  return row ?? null;
}

export async function changeHost(
  db: Database,
  organisationId: string,
  hostId: string,
  originPattern: string,
): Promise<AllowedHostRow | null> {
  const [row] = await db.update(allowedHosts).set({ originPattern }).where(owned(organisationId, hostId)).returning();
  return row ?? null;
}

export async function removeHost(db: Database, organisationId: string, hostId: string): Promise<AllowedHostRow | null> {
  const [row] = await db.delete(allowedHosts).where(owned(organisationId, hostId)).returning();
  return row ?? null;
}
