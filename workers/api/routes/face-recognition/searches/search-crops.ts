import { SearchAnswer, SearchFaceCropsBody } from '#shared/contract/face-search.ts';
import { searchFaces } from '../../../faces/search-faces.ts';
import { defineFaceOperation, MAX_IMAGES_BODY_BYTES } from '../define-face-operation.ts';

export const searchFaceCropsOperation = defineFaceOperation({
  id: 'searchFaceCrops',
  method: 'POST',
  path: '/search/crops',
  tag: 'Face search',
  summary: 'Search for a face by crops of it (1:N)',
  description: 'Pictures that are little more than the face, such as 120x120 pixels around it.',
  scope: 'faces:search',
  body: SearchFaceCropsBody,
  maxBodyBytes: MAX_IMAGES_BODY_BYTES,
  success: { status: 200, data: SearchAnswer, description: 'Who it may be; nobody is an answer, too.' },
  errors: ['insufficient_credits', 'not_found'],
  handle: ({ body, caller, services }) =>
    searchFaces(services, caller, { operation: 'searchFaceCrops', framing: 'crop' }, body),
});
