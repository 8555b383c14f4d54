import { Validator } from '@seriousme/openapi-schema-validator';
import { describe, expect, it } from 'vitest';
import { ERROR_MEANING } from '#shared/contract/errors.ts';
import { SubmissionAccepted, VideoForm, VideoSubmitParams } from '#shared/contract/videos.ts';
import { describeOperation, errorCodesOf } from './describe-operation.ts';
import { StreamedForm } from './multipart-form.ts';
import { createOpenApiDocument } from './openapi-document.ts';
import { defineOperation, type Operation } from './operation.ts';

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

describe('an operation that the person with the link may call', () => {
  const byKey: Operation = { ...submit, scope: 'session:read' };
  const byLink: Operation = { ...byKey, sessionToken: true };

  it('announces what can be wrong with a link, and no other operation does', () => {
    expect(errorCodesOf(byLink)).toEqual(expect.arrayContaining(['token_expired', 'session_token_mismatch']));
    expect(errorCodesOf(byKey)).not.toContain('token_expired');
    expect(errorCodesOf(byKey)).not.toContain('session_token_mismatch');
  });

  it('says that a link which is over is refused, under the status that it is answered with', () => {
    const { responses } = JSON.parse(JSON.stringify(describeOperation(byLink)));
    expect(responses[401].description).toContain(`\`token_expired\`: ${ERROR_MEANING.token_expired}`);
    expect(responses[403].description).toContain('`session_token_mismatch`');
    expect(ERROR_MEANING.token_expired).toContain('link of a verification session');
  });

  it('says that a key needs a scope and a link none', () => {
    const aboutScope = 'Needs the scope `session:read`.';
    expect(describeOperation(byKey).description).toBe(aboutScope);
    expect(describeOperation(byLink).description).toBe(
      `${aboutScope} The verification token of a session is taken as a key, for that session, and needs no scope.`,
    );
  });
});
