import { Collection, CollectionBody, CollectionParams, faceAnswer } from '#shared/contract/face-search.ts';
import { changeCollection } from '../../../faces/manage-collections.ts';
import { presentCollection } from '../../../faces/present-person.ts';
import { defineFaceOperation } from '../define-face-operation.ts';

export const updateCollectionOperation = defineFaceOperation({
  id: 'updateCollection',
  method: 'PATCH',
  path: '/collections/{collection_id}',
  tag: 'Galleries',
  summary: 'Rename a collection',
  scope: 'faces:write',
  params: CollectionParams,
  body: CollectionBody,
  success: { status: 200, data: faceAnswer(Collection), description: 'The collection as it is now.' },
  errors: ['not_found'],
  async handle({ params, body, caller, services }) {
    const row = await changeCollection(services, caller.organisation.id, params.collection_id, body.name);
    return { id: services.newId(), data: presentCollection(row) };
  },
});
