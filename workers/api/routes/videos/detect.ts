import { ModelAnswerHeaders, ModelVersionHeaders } from '#shared/contract/checks.ts';
import { MAX_VIDEO_FORM_BYTES, SubmissionAccepted, VideoForm, VideoSubmitParams } from '#shared/contract/videos.ts';
import { VIDEO_OPERATION } from '#shared/jobs/video-job.ts';
import { StreamedForm } from '../../operation/multipart-form.ts';
import { defineOperation } from '../../operation/operation.ts';
import { submitVideo } from '../../videos/submit-video.ts';

export const detectVideo = defineOperation({
  id: VIDEO_OPERATION,
  method: 'POST',
  path: '/api/v1/{tenant_slug}/video/detect',
  tag: 'Video',
  summary: 'Submit a video',
  description:
    'Takes a recording in and answers at once; poll the submission for the verdict. The frames that the model needs are taken evenly over the clip, and the recording is deleted when the job has ended. Credits are taken with the verdict.',
  access: 'key',
  scope: 'detection:write',
  tenantScoped: true,
  creates: true,
  params: VideoSubmitParams,
  headers: ModelVersionHeaders,
  answerHeaders: ModelAnswerHeaders,
  body: new StreamedForm(VideoForm, MAX_VIDEO_FORM_BYTES, { video_file: 'video/*' }),
  success: { status: 201, data: SubmissionAccepted, description: 'It is queued.' },
  errors: ['invalid_video_input', 'invalid_metadata', 'insufficient_credits'],
  handle: ({ caller, services, body, headers, announce, once }) =>
    submitVideo(services, { caller, form: body, versionHeader: headers['X-Model-Version'], announce, once }),
});
