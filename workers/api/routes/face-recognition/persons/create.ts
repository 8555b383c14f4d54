import { CreatePersonBody, faceAnswer, PersonWithThumbnails } from '#shared/contract/face-search.ts';
import { enrolPerson } from '../../../faces/enrol-person.ts';
import { presentPersonInFull } from '../../../faces/present-person.ts';
import { defineFaceOperation, MAX_IMAGES_BODY_BYTES } from '../define-face-operation.ts';

export const createPersonOperation = defineFaceOperation({
  id: 'createPerson',
  method: 'POST',
  path: '/persons',
  tag: 'Galleries',
  summary: 'Enrol a person',
  description:
    'Each image must show one clear face, and all of them the same person; an error names the image that does not. What is kept of it are embeddings and thumbnails, encrypted.',
  scope: 'faces:write',
  creates: true,
  body: CreatePersonBody,
  maxBodyBytes: MAX_IMAGES_BODY_BYTES,
  success: { status: 200, data: faceAnswer(PersonWithThumbnails), description: 'The person, who can now be found.' },
  errors: ['insufficient_credits', 'not_found', 'conflict'],
  async handle({ body, caller, services, creation }) {
    const person = await enrolPerson(services, caller, creation, body);
    return { id: services.newId(), data: await presentPersonInFull(services, person) };
  },
});
