import { Validator } from '@seriousme/openapi-schema-validator';
import { describe, expect, it } from 'vitest';
import { SubmissionAccepted, VideoForm, VideoSubmitParams } from '#shared/contract/videos.ts';
import { errorCodesOf } from './describe-operation.ts';
import { StreamedForm } from './multipart-form.ts';
import { createOpenApiDocument } from './openapi-document.ts';
import { defineOperation } from './operation.ts';

const submit = defineOperation({
  id: 'submitProbe',
  method: 'POST',
  path: '/api/v1/{tenant_slug}/probe',
  tag: 'Probe',
  summary: 'An operation that takes a form',
  access: 'key',
  params: VideoSubmitParams,
  body: new StreamedForm(VideoForm, 1000, { video_file: 'video/*' }),
  success: { status: 201, data: SubmissionAccepted, description: 'Done.' },
  handle: () => Promise.reject(new Error('is not called')),
});

describe('an operation that takes a form', () => {
  it('is described as one, its file as bytes', async () => {
    const document = JSON.parse(JSON.stringify(createOpenApiDocument([submit])));
    expect(document.paths[submit.path].post.requestBody).toEqual({
      required: true,
      content: {
        'multipart/form-data': {
          schema: { $ref: '#/components/schemas/VideoSubmission' },
          encoding: { video_file: { contentType: 'video/*' } },
        },
      },
    });
    const { properties, required } = document.components.schemas.VideoSubmission;
    expect(properties.video_file).toMatchObject({ type: 'string', format: 'binary', contentEncoding: 'binary' });
    expect(properties.model).toMatchObject({ type: 'string', default: 'mixed-10-v2' });
    expect(properties.frame_count).toMatchObject({ type: 'integer' });
    expect(required).toBeUndefined();
    expect((await new Validator().validate(document)).errors).toBeUndefined();
  });

  it('announces what can be wrong with a form, and nothing of JSON', () => {
    const codes = errorCodesOf(submit);
    expect(codes).toEqual(
      expect.arrayContaining(['invalid_form', 'validation_error', 'payload_too_large', 'unsupported_media_type']),
    );
    expect(codes).not.toContain('invalid_json');
  });
});
