import { Session, SessionParams } from '#shared/contract/sessions.ts';
import { defineOperation } from '../../operation/operation.ts';
import { cancelSession } from '../../sessions/manage-sessions.ts';

export const cancelVerificationSession = defineOperation({
  id: 'cancelSession',
  method: 'POST',
  path: '/api/v1/sessions/{session_id}/cancel',
  tag: 'Sessions',
  summary: 'Cancel a session',
  description:
    'Its link is closed at once. Cancelled twice is cancelled once; what has ended otherwise stays as it is.',
  access: 'key',
  scope: 'session:write',
  params: SessionParams,
  success: { status: 200, data: Session, description: 'The session.' },
  errors: ['not_found', 'session_closed'],
  handle: ({ params, caller, client, services }) =>
    cancelSession(services, { caller, client, sessionId: params.session_id }),
});
