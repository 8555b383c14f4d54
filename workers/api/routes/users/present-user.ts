import { iso } from '#shared/contract/common.ts';
import type { KnownUser } from '#shared/contract/users.ts';
import type { UserTemplateRow } from '#shared/db/user-templates.ts';

/** Of the rows of one user, the newest first; null where nothing is known of them. */
export function presentUser(templates: readonly UserTemplateRow[]): KnownUser | null {
  const newest = templates[0];
  const oldest = templates.at(-1);
  if (newest === undefined || oldest === undefined) return null;
  return {
    user_identifier: newest.userIdentifier,
    template_count: templates.length,
    remembered_since: iso(oldest.createdAtMs),
    last_remembered_at: iso(newest.createdAtMs),
    session_ids: templates.map(({ sessionId }) => sessionId),
  };
}
