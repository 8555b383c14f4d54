import { SearchAnswer, SearchFacesBody } from '#shared/contract/face-search.ts';
import { searchFaces } from '../../../faces/search-faces.ts';
import { defineFaceOperation, MAX_IMAGES_BODY_BYTES } from '../define-face-operation.ts';

export const searchFacesOperation = defineFaceOperation({
  id: 'searchFaces',
  method: 'POST',
  path: '/search',
  tag: 'Face search',
  summary: 'Search for a face (1:N)',
  description:
    'Full images, of which each shows the person largest and nearest the middle. Several images of one person find better than one.',
  scope: 'faces:search',
  body: SearchFacesBody,
  maxBodyBytes: MAX_IMAGES_BODY_BYTES,
  success: { status: 200, data: SearchAnswer, description: 'Who it may be; nobody is an answer, too.' },
  errors: ['insufficient_credits', 'not_found'],
  handle: ({ body, caller, services }) =>
    searchFaces(services, caller, { operation: 'searchFaces', framing: 'whole' }, body),
});
