import { Collection, CollectionBody, faceAnswer } from '#shared/contract/face-search.ts';
import { createCollection } from '../../../faces/manage-collections.ts';
import { presentCollection } from '../../../faces/present-person.ts';
import { defineFaceOperation } from '../define-face-operation.ts';

export const createCollectionOperation = defineFaceOperation({
  id: 'createCollection',
  method: 'POST',
  path: '/collections',
  tag: 'Galleries',
  summary: 'Create a collection',
  description: 'People are enrolled into a collection, and searched for in one or in all.',
  scope: 'faces:write',
  creates: true,
  body: CollectionBody,
  success: { status: 200, data: faceAnswer(Collection), description: 'The collection.' },
  async handle({ body, caller, services, creation }) {
    const row = await createCollection(services, caller.organisation.id, creation, body.name);
    return { id: services.newId(), data: presentCollection(row) };
  },
});
