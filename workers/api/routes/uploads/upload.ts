import { ModelAnswerHeaders, ModelVersionHeaders } from '#shared/contract/checks.ts';
import { UploadAnswer, UploadBody } from '#shared/contract/uploads.ts';
import { MAX_BODY_BYTES } from '../../checks/check-limits.ts';
import { defineOperation } from '../../operation/operation.ts';
import { StreamedBody } from '../../operation/streamed-body.ts';
import { uploadBatch } from '../../streams/upload-batch.ts';

export const uploadFrames = defineOperation({
  id: 'uploadFrames',
  method: 'POST',
  path: '/api/v2/upload',
  tag: 'Checks',
  summary: 'Upload frames for a check',
  description:
    'Frames first, the verdict later: by `v2/fast-check` or `v2/live-check`, with the same `session_id`. As many batches as you like, in any order, also all at once; indices from 0 on. A batch is buffered as a whole or not at all, and can be sent again: the same picture counts once. Model, version and `frame_count` stay the same within a session.',
  access: 'key',
  scope: 'detection:write',
  creates: true,
  headers: ModelVersionHeaders,
  answerHeaders: ModelAnswerHeaders,
  body: new StreamedBody(UploadBody, MAX_BODY_BYTES),
  success: { status: 200, data: UploadAnswer, description: 'What is buffered so far.' },
  errors: ['invalid_model', 'invalid_frame', 'insufficient_credits', 'session_conflict'],
  handle: ({ caller, services, body, headers, announce, once }) =>
    uploadBatch(services, { caller, body, versionHeader: headers['X-Model-Version'], announce, once }),
});
