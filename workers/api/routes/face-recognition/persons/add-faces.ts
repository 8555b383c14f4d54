import { AddFacesBody, faceAnswer, PersonParams, PersonWithThumbnails } from '#shared/contract/face-search.ts';
import { addFaces } from '../../../faces/change-faces.ts';
import { presentPersonInFull } from '../../../faces/present-person.ts';
import { defineFaceOperation, MAX_IMAGES_BODY_BYTES } from '../define-face-operation.ts';

export const addPersonFacesOperation = defineFaceOperation({
  id: 'addPersonFaces',
  method: 'POST',
  path: '/persons/{person_id}/faces',
  tag: 'Galleries',
  summary: 'Add faces to a person',
  description: 'Up to 20 faces in all. A picture that the person has already is not kept twice.',
  scope: 'faces:write',
  creates: true,
  params: PersonParams,
  body: AddFacesBody,
  maxBodyBytes: MAX_IMAGES_BODY_BYTES,
  success: { status: 200, data: faceAnswer(PersonWithThumbnails), description: 'The person, with every thumbnail.' },
  errors: ['insufficient_credits', 'not_found'],
  async handle({ params, body, caller, services }) {
    const person = await addFaces(services, caller, params.person_id, body.images);
    return { id: services.newId(), data: await presentPersonInFull(services, person) };
  },
});
