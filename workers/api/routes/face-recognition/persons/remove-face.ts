import { FaceParams, faceAnswer, PersonWithThumbnails } from '#shared/contract/face-search.ts';
import { removeFace } from '../../../faces/change-faces.ts';
import { presentPersonInFull } from '../../../faces/present-person.ts';
import { defineFaceOperation } from '../define-face-operation.ts';

export const removePersonFaceOperation = defineFaceOperation({
  id: 'removePersonFace',
  method: 'DELETE',
  path: '/persons/{person_id}/faces/{face_id}',
  tag: 'Galleries',
  summary: 'Remove a face of a person',
  description: 'All but the last one; without a face a person cannot be found.',
  scope: 'faces:write',
  params: FaceParams,
  success: {
    status: 200,
    data: faceAnswer(PersonWithThumbnails),
    description: 'The person, with every thumbnail left.',
  },
  errors: ['not_found'],
  async handle({ params, caller, services }) {
    const person = await removeFace(services, caller.organisation.id, params.person_id, params.face_id);
    return { id: services.newId(), data: await presentPersonInFull(services, person) };
  },
});
