import { notFound } from '#shared/contract/errors.ts';
import { faceAnswer, PersonParams, PersonWithThumbnails } from '#shared/contract/face-search.ts';
import { findPerson } from '#shared/db/face-persons.ts';
import { presentPersonInFull } from '../../../faces/present-person.ts';
import { defineFaceOperation } from '../define-face-operation.ts';

export const readPersonOperation = defineFaceOperation({
  id: 'readPerson',
  method: 'GET',
  path: '/persons/{person_id}',
  tag: 'Galleries',
  summary: 'Read a person',
  scope: 'faces:read',
  params: PersonParams,
  success: { status: 200, data: faceAnswer(PersonWithThumbnails), description: 'The person, with every thumbnail.' },
  errors: ['not_found'],
  async handle({ params, caller, services }) {
    const row = await findPerson(services.database, caller.organisation.id, params.person_id);
    if (row === null) throw notFound('Person');
    return { id: services.newId(), data: await presentPersonInFull(services, row) };
  },
});
