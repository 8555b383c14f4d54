import { CheckProgress, ResultParams } from '#shared/contract/results.ts';
import { defineOperation } from '../../operation/operation.ts';
import { readProgress } from '../../results/follow-check.ts';
import { gatheredFrames } from './gathered-frames.ts';

export const readResult = defineOperation({
  id: 'readResult',
  method: 'GET',
  path: '/api/v1/result/{id}',
  tag: 'Results',
  summary: 'Read what has become of a check',
  description:
    'When several routes used the `session_id`, the newest verdict, else what is being worked on. A check that was refused leaves nothing, and one that broke off is forgotten after some time: then it is not found, and may be sent again.',
  access: 'key',
  scope: 'detection:read',
  params: ResultParams,
  success: { status: 200, data: CheckProgress, description: 'How far it is, with the verdict if there is one.' },
  errors: ['not_found'],
  handle: ({ params, caller, services }) =>
    readProgress(services, gatheredFrames(services), {
      organisationId: caller.organisation.id,
      sessionId: params.id,
    }),
});
