import { notFound } from '#shared/contract/errors.ts';
import { Collection, CollectionParams, faceAnswer } from '#shared/contract/face-search.ts';
import { findCollection } from '#shared/db/face-collections.ts';
import { presentCollection } from '../../../faces/present-person.ts';
import { defineFaceOperation } from '../define-face-operation.ts';

export const readCollectionOperation = defineFaceOperation({
  id: 'readCollection',
  method: 'GET',
  path: '/collections/{collection_id}',
  tag: 'Galleries',
  summary: 'Read a collection',
  scope: 'faces:read',
  params: CollectionParams,
  success: { status: 200, data: faceAnswer(Collection), description: 'The collection.' },
  errors: ['not_found'],
  async handle({ params, caller, services }) {
    const row = await findCollection(services.database, caller.organisation.id, params.collection_id);
    if (row === null) throw notFound('Collection');
    return { id: services.newId(), data: presentCollection(row) };
  },
});
