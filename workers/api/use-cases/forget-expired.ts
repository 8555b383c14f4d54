import { openDatabase } from '#shared/db/database.ts';
import { deleteExpiredIdempotencyRecords } from '#shared/db/idempotency.ts';

/** What a timer cleans up. Nothing breaks when it does not run: expired rows count as absent everywhere. */
export async function forgetExpired(env: { DB: D1Database }): Promise<void> {
  await deleteExpiredIdempotencyRecords(openDatabase(env.DB), Date.now());
}
