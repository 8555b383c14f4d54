import { Session, SessionParams } from '#shared/contract/sessions.ts';
import { defineOperation } from '../../operation/operation.ts';
import { readSession } from '../../sessions/manage-sessions.ts';

export const readVerificationSession = defineOperation({
  id: 'readSession',
  method: 'GET',
  path: '/api/v1/sessions/{session_id}',
  tag: 'Sessions',
  summary: 'Read a session',
  description:
    'With the verification token of the session, what only the organisation may know is left out: `user_identifier`, `callback_url`, `metadata`, `attestation`, `facemesh_comparison`.',
  access: 'key',
  scope: 'session:read',
  sessionToken: true,
  params: SessionParams,
  success: { status: 200, data: Session, description: 'The session.' },
  errors: ['not_found'],
  handle: ({ params, caller, services }) => readSession(services, caller, params.session_id),
});
