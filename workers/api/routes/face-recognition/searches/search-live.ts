import { LiveSearchAnswer, SearchLiveFacesBody } from '#shared/contract/face-search.ts';
import { searchLiveFaces } from '../../../faces/search-faces.ts';
import { defineFaceOperation, MAX_IMAGES_BODY_BYTES } from '../define-face-operation.ts';

export const searchLiveFacesOperation = defineFaceOperation({
  id: 'searchLiveFaces',
  method: 'POST',
  path: '/search/live',
  tag: 'Face search',
  summary: 'Search for a live face (1:N)',
  description:
    'Each image is first judged by itself. Where one of them does not look like a live face, `data` is empty and `liveness` says so. A single picture proves less than a recording: where it matters, make a check first.',
  scope: 'faces:search',
  body: SearchLiveFacesBody,
  maxBodyBytes: MAX_IMAGES_BODY_BYTES,
  success: { status: 200, data: LiveSearchAnswer, description: 'Who it may be; nobody is an answer, too.' },
  errors: ['insufficient_credits', 'not_found'],
  handle: ({ body, caller, services }) => searchLiveFaces(services, caller, body),
});
