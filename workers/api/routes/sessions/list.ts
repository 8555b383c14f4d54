import { pageOf, pageRequest, toPage } from '#shared/contract/pagination.ts';
import { Session, SessionsQuery } from '#shared/contract/sessions.ts';
import { listSessions } from '#shared/db/verification-sessions.ts';
import { defineOperation } from '../../operation/operation.ts';
import { presentFor } from '../../sessions/manage-sessions.ts';

export const listVerificationSessions = defineOperation({
  id: 'listSessions',
  method: 'GET',
  path: '/api/v1/sessions',
  tag: 'Sessions',
  summary: 'List sessions',
  access: 'key',
  scope: 'session:read',
  query: SessionsQuery,
  success: { status: 200, data: pageOf(Session), description: 'A page of sessions, newest first.' },
  async handle({ query, caller, services }) {
    const page = pageRequest(query);
    const filter = { organisationId: caller.organisation.id, state: query.state, nowMs: services.nowMs() };
    const rows = await listSessions(services.database, filter, page);
    return toPage(rows, page, (row) => presentFor(services, caller, row));
  },
});
