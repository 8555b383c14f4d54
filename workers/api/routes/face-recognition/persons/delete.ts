import { faceAnswer, PersonParams, Removed } from '#shared/contract/face-search.ts';
import { removePerson } from '../../../faces/remove-person.ts';
import { defineFaceOperation } from '../define-face-operation.ts';

export const deletePersonOperation = defineFaceOperation({
  id: 'deletePerson',
  method: 'DELETE',
  path: '/persons/{person_id}',
  tag: 'Galleries',
  summary: 'Delete a person',
  description: 'Nothing is left: no embedding, no thumbnail, no name.',
  scope: 'faces:write',
  params: PersonParams,
  success: { status: 200, data: faceAnswer(Removed), description: 'Who is gone.' },
  errors: ['not_found'],
  async handle({ params, caller, services }) {
    await removePerson(services, caller.organisation.id, params.person_id);
    return { id: services.newId(), data: { id: params.person_id } };
  },
});
