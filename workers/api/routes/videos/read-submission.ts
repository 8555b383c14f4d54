import { Submission, VideoPollParams } from '#shared/contract/videos.ts';
import { defineOperation } from '../../operation/operation.ts';
import { readSubmission } from '../../videos/read-submission.ts';

export const readVideoSubmission = defineOperation({
  id: 'readVideoSubmission',
  method: 'GET',
  path: '/api/v1/{tenant_slug}/video/detect/{submission_id}',
  tag: 'Video',
  summary: 'Read what has become of a video',
  description:
    'Poll every one or two seconds, and less often the longer it takes, until the status is `completed` or `failed`. `message` says what is being done and how far it is.',
  access: 'key',
  scope: 'detection:read',
  tenantScoped: true,
  params: VideoPollParams,
  success: { status: 200, data: Submission, description: 'How it stands, with the verdict if there is one.' },
  errors: ['submission_not_found'],
  handle: ({ caller, services, params }) => readSubmission(services, caller.organisation, params.submission_id),
});
