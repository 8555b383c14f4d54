import { VerifyAnswer, VerifyFaceBody } from '#shared/contract/face-search.ts';
import { verifyFace } from '../../../faces/verify-face.ts';
import { defineFaceOperation, MAX_IMAGES_BODY_BYTES } from '../define-face-operation.ts';

export const verifyFaceOperation = defineFaceOperation({
  id: 'verifyFace',
  method: 'POST',
  path: '/verify',
  tag: 'Face search',
  summary: 'Compare a face with a person (1:1)',
  description: 'Full images or crops, of one person.',
  scope: 'faces:search',
  body: VerifyFaceBody,
  maxBodyBytes: MAX_IMAGES_BODY_BYTES,
  success: { status: 200, data: VerifyAnswer, description: 'Whether it is this person.' },
  errors: ['insufficient_credits', 'not_found'],
  handle: ({ body, caller, services }) => verifyFace(services, caller, body),
});
