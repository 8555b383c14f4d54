import { CreatedSession, CreateSessionBody } from '#shared/contract/sessions.ts';
import { defineOperation } from '../../operation/operation.ts';
import { openSession } from '../../sessions/manage-sessions.ts';

export const createSession = defineOperation({
  id: 'createSession',
  method: 'POST',
  path: '/api/v1/sessions',
  tag: 'Sessions',
  summary: 'Ask a person to confirm something',
  description:
    'The answer holds a link for the person, who confirms in a browser that they are there and agree. Costs nothing by itself; each attempt costs a check.',
  access: 'key',
  scope: 'session:write',
  creates: true,
  body: CreateSessionBody,
  success: { status: 201, data: CreatedSession, description: 'The session, with the link to it.' },
  handle: ({ body, caller, client, services, creation, origin }) =>
    openSession(services, { caller, client, id: creation.id, origin, body }),
});
