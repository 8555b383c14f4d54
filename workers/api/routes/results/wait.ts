import { CheckProgress, ResultParams, WaitQuery } from '#shared/contract/results.ts';
import { defineOperation } from '../../operation/operation.ts';
import { waitForProgress } from '../../results/follow-check.ts';
import { gatheredFrames } from './gathered-frames.ts';

export const waitForResult = defineOperation({
  id: 'waitForResult',
  method: 'GET',
  path: '/api/v1/result/{id}/wait',
  tag: 'Results',
  summary: 'Wait for what becomes of a check',
  description:
    'Answers as soon as the check is complete or has failed, else shortly before `timeout` is over with the state as it is. A check that nobody has sent yet is not waited for.',
  access: 'key',
  scope: 'detection:read',
  params: ResultParams,
  query: WaitQuery,
  success: { status: 200, data: CheckProgress, description: 'How far it is, with the verdict if there is one.' },
  errors: ['not_found'],
  handle: ({ params, query, caller, services }) =>
    waitForProgress(services, gatheredFrames(services), {
      organisationId: caller.organisation.id,
      sessionId: params.id,
      timeoutMs: query.timeout * 1000,
    }),
});
