import { RecordAuditBody, Session, SessionParams } from '#shared/contract/sessions.ts';
import { defineOperation } from '../../operation/operation.ts';
import { recordInSession } from '../../sessions/manage-sessions.ts';

export const recordSessionAudit = defineOperation({
  id: 'recordSessionAudit',
  method: 'PATCH',
  path: '/api/v1/sessions/{session_id}/audit',
  tag: 'Sessions',
  summary: 'Write down what happens in a session',
  description:
    'What is written stays. `capture_started` begins the session; `consent_given` and `consent_refused` say whether the person may be compared with earlier sessions. Everything else changes nothing.',
  access: 'key',
  scope: 'session:audit',
  sessionToken: true,
  params: SessionParams,
  body: RecordAuditBody,
  success: { status: 200, data: Session, description: 'The session.' },
  errors: ['not_found', 'session_closed'],
  handle: ({ params, body, caller, client, services }) =>
    recordInSession(services, {
      caller,
      client,
      sessionId: params.session_id,
      event: body.event,
      details: body.details ?? null,
    }),
});
