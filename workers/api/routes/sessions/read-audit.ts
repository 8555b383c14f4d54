import { z } from 'zod';
import { iso } from '#shared/contract/common.ts';
import { notFound } from '#shared/contract/errors.ts';
import { AuditEntry, SessionParams } from '#shared/contract/sessions.ts';
import { findSession, listSessionEvents } from '#shared/db/verification-sessions.ts';
import { MOST_TRAIL_ENTRIES } from '#shared/lib/session-trail.ts';
import { defineOperation } from '../../operation/operation.ts';

export const readSessionAudit = defineOperation({
  id: 'readSessionAudit',
  method: 'GET',
  path: '/api/v1/sessions/{session_id}/audit',
  tag: 'Sessions',
  summary: 'Read the audit trail of a session',
  description:
    'In the order in which it happened. `hash` is the SHA-256 of the JSON array `[previous_hash, session_id, sequence, at, actor, action, details, client]`, so nobody can change an entry unseen. The first has 64 zeros for `previous_hash`.',
  access: 'key',
  scope: 'session:read',
  params: SessionParams,
  success: { status: 200, data: z.object({ entries: z.array(AuditEntry) }), description: 'The trail.' },
  errors: ['not_found'],
  async handle({ params, caller, services }) {
    const session = await findSession(services.database, caller.organisation.id, params.session_id);
    if (session === null) throw notFound('Session');
    const rows = await listSessionEvents(services.database, session.id, MOST_TRAIL_ENTRIES);
    return {
      entries: rows.map(({ sequence, createdAtMs, actor, action, details, client, previousHash, hash }) => ({
        sequence,
        at: iso(createdAtMs),
        actor,
        action,
        details,
        client,
        previous_hash: previousHash,
        hash,
      })),
    };
  },
});
