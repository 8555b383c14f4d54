import { notFound } from '#shared/contract/errors.ts';
import { faceAnswer, PersonParams, PersonWithThumbnails, UpdatePersonBody } from '#shared/contract/face-search.ts';
import { changePerson } from '#shared/db/face-persons.ts';
import { presentPersonInFull } from '../../../faces/present-person.ts';
import { defineFaceOperation } from '../define-face-operation.ts';

export const updatePersonOperation = defineFaceOperation({
  id: 'updatePerson',
  method: 'PATCH',
  path: '/persons/{person_id}',
  tag: 'Galleries',
  summary: 'Rename a person',
  scope: 'faces:write',
  params: PersonParams,
  body: UpdatePersonBody,
  success: { status: 200, data: faceAnswer(PersonWithThumbnails), description: 'The person as they are now.' },
  errors: ['not_found'],
  async handle({ params, body, caller, services }) {
    const change = { name: body.name, updatedAtMs: services.nowMs() };
    const row = await changePerson(services.database, caller.organisation.id, params.person_id, change);
    if (row === null) throw notFound('Person');
    return { id: services.newId(), data: await presentPersonInFull(services, row) };
  },
});
