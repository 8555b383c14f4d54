import type { SessionEventRow } from '#shared/db/verification-sessions.ts';
import { sha256Hex } from '#shared/lib/hash.ts';

export type NewAuditEntry = Pick<SessionEventRow, 'id' | 'actor' | 'action' | 'details' | 'client' | 'createdAtMs'>;

/** What nobody asked for: it follows. */
export const BY_SYSTEM = { actor: 'system', client: null };

interface Chained {
  organisationId: string;
  sessionId: string;
  previous: Pick<SessionEventRow, 'sequence' | 'hash'> | null;
}

/** Before the first entry. */
export const FIRST_HASH = '0'.repeat(64);

/** Each holds the hash of the one before, so that none can be changed, left out or put in later without all that follow showing it. */
export async function chainAuditEntry({ organisationId, sessionId, previous }: Chained, entry: NewAuditEntry) {
  const linked = {
    ...entry,
    organisationId,
    sessionId,
    sequence: (previous?.sequence ?? 0) + 1,
    previousHash: previous?.hash ?? FIRST_HASH,
  };
  return { ...linked, hash: await hashOfAuditEntry(linked) } satisfies SessionEventRow;
}

export function hashOfAuditEntry(entry: Omit<SessionEventRow, 'hash' | 'id' | 'organisationId'>): Promise<string> {
  const { previousHash, sessionId, sequence, createdAtMs, actor, action, details, client } = entry;
  const at = new Date(createdAtMs).toISOString();
  return sha256Hex(JSON.stringify([previousHash, sessionId, sequence, at, actor, action, details, client]));
}
