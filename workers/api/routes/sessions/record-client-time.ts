import { notFound } from '#shared/contract/errors.ts';
import { ClientTime, ClientTimeBody, ClientTimeParams } from '#shared/contract/results.ts';
import { recordClientTime } from '#shared/db/verifications.ts';
import { defineOperation } from '../../operation/operation.ts';
import { requireOwnSession } from '../../sessions/find-session-caller.ts';

export const recordSessionClientTime = defineOperation({
  id: 'recordClientTime',
  method: 'PATCH',
  path: '/api/v1/sessions/{session_id}/client-time',
  tag: 'Results',
  summary: 'Tell how long a check took for the person',
  description:
    'From the start of the recording to the verdict, as the client measured it. Kept with the newest verdict of the session; told again, it replaces what was told before.',
  access: 'key',
  scope: 'detection:write',
  sessionToken: true,
  params: ClientTimeParams,
  body: ClientTimeBody,
  success: { status: 200, data: ClientTime, description: 'The time as it is kept.' },
  errors: ['not_found'],
  async handle({ params, body, caller, services }) {
    const { client_time: clientTimeMs } = body;
    const { session_id: sessionId } = params;
    requireOwnSession(caller, sessionId);
    const wasRecorded = await recordClientTime(services.database, caller.organisation.id, sessionId, clientTimeMs);
    if (!wasRecorded) throw notFound('Verification');
    return { session_id: sessionId, client_time: clientTimeMs };
  },
});
