import { and, asc, gt, isNotNull, isNull, lte, notExists, sql } from 'drizzle-orm';
import { type Database, literal } from './database.ts';
import { signingKeys } from './schema-attestations.ts';

export type SigningKeyRow = typeof signingKeys.$inferSelect;
/** One that can sign, now or later. */
export type UsableSigningKey = SigningKeyRow & { sealedPrivateJwk: string };

/** Every key that was not revoked, the oldest first: what it signed can be verified as long as it is published. */
export async function listPublishedKeys(db: Database): Promise<SigningKeyRow[]> {
  return await db
    .select()
    .from(signingKeys)
    .where(isNull(signingKeys.revokedAtMs))
    .orderBy(asc(signingKeys.createdAtMs), asc(signingKeys.kid));
}

/**
 * Written only where no key that can sign lasts beyond `horizonMs`. One statement, which D1 runs by itself: of two isolates that
 * make a key at once, the second writes nothing. True when it was written.
 */
export async function insertKeyUnlessCovered(db: Database, row: UsableSigningKey, horizonMs: number): Promise<boolean> {
  const inserted = await db
    .insert(signingKeys)
    .select(
      db
        .select({
          kid: literal(row.kid, 'kid'),
          publicJwk: literal(JSON.stringify(row.publicJwk), 'public_jwk'),
          sealedPrivateJwk: literal(row.sealedPrivateJwk, 'sealed_private_jwk'),
          createdAtMs: literal(row.createdAtMs, 'created_at_ms'),
          activeFromMs: literal(row.activeFromMs, 'active_from_ms'),
          retiresAtMs: literal(row.retiresAtMs, 'retires_at_ms'),
          revokedAtMs: literal(row.revokedAtMs, 'revoked_at_ms'),
        })
        .from(sql`(SELECT 1)`)
        .where(
          notExists(
            db
              .select({ kid: signingKeys.kid })
              .from(signingKeys)
              .where(and(isNotNull(signingKeys.sealedPrivateJwk), gt(signingKeys.retiresAtMs, horizonMs))),
          ),
        ),
    )
    .returning({ kid: signingKeys.kid });
  return inserted.length > 0;
}

/** Nobody can sign with them any more, whoever gets hold of the database and its key. What they signed stays good. */
export async function eraseRetiredPrivateKeys(db: Database, nowMs: number): Promise<string[]> {
  const erased = await db
    .update(signingKeys)
    .set({ sealedPrivateJwk: null })
    .where(and(isNotNull(signingKeys.sealedPrivateJwk), lte(signingKeys.retiresAtMs, nowMs)))
    .returning({ kid: signingKeys.kid });
  return erased.map(({ kid }) => kid);
}
