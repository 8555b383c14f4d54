import { ModelAnswerHeaders, ModelVersionHeaders } from '#shared/contract/checks.ts';
import { StreamAnswer, StreamFrameBody } from '#shared/contract/streams.ts';
import { MAX_ELEMENT_BYTES, MAX_MEMBER_BYTES } from '../../checks/check-limits.ts';
import { defineOperation } from '../../operation/operation.ts';
import { streamFrame } from '../../streams/stream-frame.ts';

export const fastCheckStream = defineOperation({
  id: 'fastCheckStream',
  method: 'POST',
  path: '/api/v1/fast-check-stream',
  tag: 'Checks',
  summary: 'Check frames one by one',
  description:
    'One frame a request, in any order, also all at once. As many as the model needs, with indices from 0 on; the last to arrive gets the verdict, and so does every request of the session after it. A frame may be sent again at any time: the same picture counts once. Model, version and `frame_count` stay the same within a session.',
  access: 'key',
  scope: 'detection:write',
  creates: true,
  headers: ModelVersionHeaders,
  answerHeaders: ModelAnswerHeaders,
  body: StreamFrameBody,
  maxBodyBytes: MAX_ELEMENT_BYTES + MAX_MEMBER_BYTES,
  success: { status: 200, data: StreamAnswer, description: 'What is buffered, or the verdict.' },
  errors: ['invalid_model', 'invalid_frame', 'insufficient_credits', 'session_conflict'],
  handle: ({ caller, services, body, headers, announce }) =>
    streamFrame(services, { caller, body, versionHeader: headers['X-Model-Version'], announce }),
});
