import { openDatabase } from '#shared/db/database.ts';
import { deleteExpiredIdempotencyRecords } from '#shared/db/idempotency.ts';
import { deleteAbandonedClaims } from '#shared/db/verifications.ts';

/** Far longer than anybody waits for the request that holds one. */
const KEEP_ABANDONED_CLAIMS_MS = 60 * 60 * 1000;

/** What a timer cleans up. Nothing breaks when it does not run: expired rows count as absent everywhere. */
export async function forgetExpired(env: { DB: D1Database }): Promise<void> {
  const database = openDatabase(env.DB);
  const nowMs = Date.now();
  await deleteExpiredIdempotencyRecords(database, nowMs);
  await deleteAbandonedClaims(database, nowMs - KEEP_ABANDONED_CLAIMS_MS);
}
