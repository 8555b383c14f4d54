import { DetectAnswer, DetectFacesBody } from '#shared/contract/face-search.ts';
import { detectFaces } from '../../../faces/detect-faces.ts';
import { defineFaceOperation, MAX_IMAGES_BODY_BYTES } from '../define-face-operation.ts';

export const detectFacesOperation = defineFaceOperation({
  id: 'detectFaces',
  method: 'POST',
  path: '/detect',
  tag: 'Face search',
  summary: 'Find faces in images',
  description: 'Where every face is, and a crop of each that can be searched for. Nothing of it is stored.',
  scope: 'faces:search',
  body: DetectFacesBody,
  maxBodyBytes: MAX_IMAGES_BODY_BYTES,
  success: { status: 200, data: DetectAnswer, description: 'The faces of each image; none is an answer, too.' },
  errors: ['insufficient_credits'],
  handle: ({ body, caller, services }) => detectFaces(services, caller, body.images),
});
