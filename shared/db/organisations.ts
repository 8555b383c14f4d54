import { eq } from 'drizzle-orm';
import type { Database } from './database.ts';
import { organisations } from './schema.ts';

export type OrganisationRow = typeof organisations.$inferSelect;

export async function findOrganisationBySlug(db: Database, slug: string): Promise<OrganisationRow | null> {
  const [row] = await db.select().from(organisations).where(eq(organisations.slug, slug)).limit(1);
  return row ?? null;
}

export async function findOrganisation(db: Database, id: string): Promise<OrganisationRow | null> {
  const [row] = await db.select().from(organisations).where(eq(organisations.id, id)).limit(1);
  return row ?? null;
}

/** The cheapest question that only a working database answers. */
export async function probeDatabase(db: Database): Promise<void> {
  await db.select({ id: organisations.id }).from(organisations).where(eq(organisations.id, '')).limit(1);
}
