import { CollectionParams, faceAnswer, Removed } from '#shared/contract/face-search.ts';
import { removeCollection } from '../../../faces/manage-collections.ts';
import { defineFaceOperation } from '../define-face-operation.ts';

export const deleteCollectionOperation = defineFaceOperation({
  id: 'deleteCollection',
  method: 'DELETE',
  path: '/collections/{collection_id}',
  tag: 'Galleries',
  summary: 'Delete a collection',
  description: 'With everybody in it: embeddings, thumbnails, names.',
  scope: 'faces:write',
  params: CollectionParams,
  success: { status: 200, data: faceAnswer(Removed), description: 'What is gone.' },
  errors: ['not_found'],
  async handle({ params, caller, services }) {
    await removeCollection(services, caller.organisation.id, params.collection_id);
    return { id: services.newId(), data: { id: params.collection_id } };
  },
});
