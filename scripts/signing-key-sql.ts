import { quoteSql } from '../shared/db/quote-sql.ts';

/**
 * For a key that leaked: from now on it is published no more, and nothing that it ever signed is to be believed. The next
 * attestation is signed with another one. A second time changes nothing.
 */
export function revokeSigningKeySql(kid: string, nowMs: number): string {
  return changeKey(kid, `sealed_private_jwk = NULL, revoked_at_ms = coalesce(revoked_at_ms, ${nowMs})`);
}

/** For a key that cannot be opened any more, its sealing key being lost: it signs no more, and what it signed stays good. */
export function retireSigningKeySql(kid: string, nowMs: number): string {
  return changeKey(kid, `sealed_private_jwk = NULL, retires_at_ms = min(retires_at_ms, ${nowMs})`);
}

/** The name of a key is NOT NULL: with no such key the insert of a NULL fails, where an update would do nothing and say nothing. */
function changeKey(kid: string, assignments: string): string {
  const mustExist = `(SELECT kid FROM signing_keys WHERE kid = ${quoteSql(kid)})`;
  return `INSERT INTO signing_keys (kid, public_jwk, created_at_ms, active_from_ms, retires_at_ms) VALUES (${mustExist}, '{}', 0, 0, 0) ON CONFLICT (kid) DO UPDATE SET ${assignments}`;
}
