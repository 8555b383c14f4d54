import type { PageSession } from '../page-session.ts';

export const SESSION_ID = '0199aaaa-bbbb-7ccc-8ddd-eeeeffff0000';

/** A session as the page may read it: open, nothing tried yet, good for five minutes. */
export function makeSession(parts: Partial<PageSession> = {}): PageSession {
  return {
    session_id: SESSION_ID,
    state: 'pending',
    action_description: 'Transfer 2,400 euros to Ana Ruiz',
    frame_count: 10,
    asks_consent: false,
    consent: null,
    require_user_match: false,
    max_attempts: 3,
    attempts: 0,
    verdict: null,
    failure_reason: null,
    organisation: { name: 'Acme Bank', slug: 'acme' },
    expires_at: new Date(Date.now() + 300_000).toISOString(),
    ...parts,
  };
}
