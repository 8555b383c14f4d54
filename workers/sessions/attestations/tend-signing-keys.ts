import type { Database } from '#shared/db/database.ts';
import { eraseRetiredPrivateKeys, insertKeyUnlessCovered, listPublishedKeys } from '#shared/db/signing-keys.ts';
import { makeSigningKey } from './make-signing-key.ts';
import { plannedKey } from './plan-signing-keys.ts';

export interface SigningKeyServices {
  database: Database;
  /** Seals private keys. */
  dataKey: string;
  nowMs(): number;
}

export interface TendedKeys {
  /** The key that was made, if any. */
  made: string | null;
  /** Keys that sign no more. */
  erased: string[];
}

/** Makes the next key in time and erases the private part of those that are over. Run every few minutes; once too often does no harm. */
export async function tendSigningKeys({ database, dataKey, nowMs }: SigningKeyServices): Promise<TendedKeys> {
  const timeMs = nowMs();
  const erased = await eraseRetiredPrivateKeys(database, timeMs);
  const planned = plannedKey(await listPublishedKeys(database), timeMs);
  if (planned === null) return { made: null, erased };
  const { horizonMs, ...times } = planned;
  const key = { ...(await makeSigningKey(dataKey)), ...times, createdAtMs: timeMs, revokedAtMs: null };
  const wasFirst = await insertKeyUnlessCovered(database, key, horizonMs);
  return { made: wasFirst ? key.kid : null, erased };
}
