import { iso, isoOrNull } from '#shared/contract/common.ts';
import type { ApiKey } from '#shared/contract/keys.ts';
import type { ApiKeyRow } from '#shared/db/api-keys.ts';

export function presentKey(row: ApiKeyRow, nowMs: number): ApiKey {
  return {
    id: row.id,
    name: row.name,
    prefix: row.prefix,
    scopes: row.scopes,
    status: statusOf(row, nowMs),
    expires_at: isoOrNull(row.expiresAtMs),
    revoked_at: isoOrNull(row.revokedAtMs),
    last_used_at: isoOrNull(row.lastUsedAtMs),
    created_at: iso(row.createdAtMs),
  };
}

function statusOf(row: ApiKeyRow, nowMs: number): ApiKey['status'] {
  if (row.revokedAtMs !== null) return 'revoked';
  return row.expiresAtMs !== null && row.expiresAtMs <= nowMs ? 'expired' : 'active';
}
