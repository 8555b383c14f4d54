import { iso } from '#shared/contract/common.ts';
import type { Host } from '#shared/contract/hosts.ts';
import type { AllowedHostRow } from '#shared/db/allowed-hosts.ts';

export function presentHost(row: AllowedHostRow): Host {
  return { id: row.id, origin: row.originPattern, created_at: iso(row.createdAtMs) };
}
