import { createHash } from 'node:crypto';
import { expect } from 'vitest';
import type { z } from 'zod';
import type { AuditEntry } from '#shared/contract/sessions.ts';
import type { CallApi } from './call-api.ts';

type Entry = z.infer<typeof AuditEntry>;

/** Stands in the first entry, before which there is none. */
const NO_HASH = '0'.repeat(64);

/**
 * Who did what, as `person page_opened`. Fails if the trail is not whole: its hashes are made anew from the answer alone, in the
 * words of the operation's description, as an auditor would.
 */
export async function readTrail(api: CallApi, key: string, sessionId: string): Promise<string[]> {
  const { entries } = await api<{ entries: Entry[] }>('GET', `/api/v1/sessions/${sessionId}/audit`, key);
  let previousHash = NO_HASH;
  for (const [index, entry] of entries.entries()) {
    expect(entry).toMatchObject({ sequence: index + 1, previous_hash: previousHash, hash: hashOf(sessionId, entry) });
    previousHash = entry.hash;
  }
  return entries.map(({ actor, action }) => `${actor.split(':')[0]} ${action}`);
}

function hashOf(sessionId: string, { previous_hash, sequence, at, actor, action, details, client }: Entry): string {
  const hashed = [previous_hash, sessionId, sequence, at, actor, action, details, client];
  return createHash('sha256').update(JSON.stringify(hashed)).digest('hex');
}
