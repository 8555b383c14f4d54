import { and, eq, gt, isNull, or, type SQL } from 'drizzle-orm';
import type { PageRequest } from '../contract/pagination.ts';
import { type Database, literal, newestFirst, olderThan } from './database.ts';
import { type Creation, claimStillHolds } from './idempotency.ts';
import { apiKeys, organisations } from './schema.ts';

export type ApiKeyRow = typeof apiKeys.$inferSelect;
export type NewApiKeyRow = typeof apiKeys.$inferInsert;

/**
 * Everything that a request needs to know about its key, by one indexed query. A revoked or expired key gives no row, as
 * an unknown one does: the database does the same work for all three, so the time of an answer tells them not apart.
 */
export function findUsableKey(db: Database, keyHash: string, nowMs: number) {
  return findUsable(db, eq(apiKeys.keyHash, keyHash), nowMs);
}

export function findUsableKeyById(db: Database, keyId: string, nowMs: number) {
  return findUsable(db, eq(apiKeys.id, keyId), nowMs);
}

async function findUsable(db: Database, whichKey: SQL, nowMs: number) {
  const [row] = await db
    .select({ key: apiKeys, organisation: organisations })
    .from(apiKeys)
    .innerJoin(organisations, eq(organisations.id, apiKeys.organisationId))
    .where(and(whichKey, isNull(apiKeys.revokedAtMs), or(isNull(apiKeys.expiresAtMs), gt(apiKeys.expiresAtMs, nowMs))))
    .limit(1);
  return row ?? null;
}

export async function touchKey(db: Database, keyId: string, nowMs: number): Promise<void> {
  await db.update(apiKeys).set({ lastUsedAtMs: nowMs }).where(eq(apiKeys.id, keyId));
}

/**
 * A retry of a creation that died comes with the same id; it gets a new secret, for nobody has seen the old one. A request
 * that is alive after all but has lost its claim to such a retry writes nothing, or it would undo the key that the retry
 * has answered with: false.
 */
export async function saveNewKey(db: Database, row: NewApiKeyRow, creation: Creation): Promise<boolean> {
  const values = db
    .select({
      id: literal(row.id, 'id'),
      organisationId: organisations.id,
      name: literal(row.name, 'name'),
      keyHash: literal(row.keyHash, 'key_hash'),
      prefix: literal(row.prefix, 'prefix'),
      scopes: literal(JSON.stringify(row.scopes), 'scopes'),
      requestsPerMinute: literal(row.requestsPerMinute ?? null, 'requests_per_minute'),
      expiresAtMs: literal(row.expiresAtMs ?? null, 'expires_at_ms'),
      revokedAtMs: literal(null, 'revoked_at_ms'),
      lastUsedAtMs: literal(null, 'last_used_at_ms'),
      createdAtMs: literal(row.createdAtMs, 'created_at_ms'),
    })
    .from(organisations)
    .where(and(eq(organisations.id, row.organisationId), claimStillHolds(db, creation)));
  const saved = await db
    .insert(apiKeys)
    .select(values)
    .onConflictDoUpdate({ target: apiKeys.id, set: { keyHash: row.keyHash, prefix: row.prefix } })
    .returning({ id: apiKeys.id });
  return saved.length === 1;
}

export async function listKeys(db: Database, organisationId: string, page: PageRequest): Promise<ApiKeyRow[]> {
  return db
    .select()
    .from(apiKeys)
    .where(and(eq(apiKeys.organisationId, organisationId), olderThan(apiKeys, page.after)))
    .orderBy(...newestFirst(apiKeys))
    .limit(page.limit + 1);
}

const owned = (organisationId: string, keyId: string) =>
  and(eq(apiKeys.id, keyId), eq(apiKeys.organisationId, organisationId));

export async function findKey(db: Database, organisationId: string, keyId: string): Promise<ApiKeyRow | null> {
  const [row] = await db.select().from(apiKeys).where(owned(organisationId, keyId)).limit(1);
  return row ?? null;
}

export async function updateKey(
  db: Database,
  organisationId: string,
  keyId: string,
  change: Partial<Pick<NewApiKeyRow, 'name' | 'scopes' | 'expiresAtMs'>>,
): Promise<ApiKeyRow | null> {
  const [row] = await db.update(apiKeys).set(change).where(owned(organisationId, keyId)).returning();
  return row ?? null;
}

/** Revoking twice keeps the first time. */
export async function revokeKey(
  db: Database,
  organisationId: string,
  keyId: string,
  nowMs: number,
): Promise<ApiKeyRow | null> {
  const active = and(owned(organisationId, keyId), isNull(apiKeys.revokedAtMs));
  const [row] = await db.update(apiKeys).set({ revokedAtMs: nowMs }).where(active).returning();
  return row ?? (await findKey(db, organisationId, keyId));
}
