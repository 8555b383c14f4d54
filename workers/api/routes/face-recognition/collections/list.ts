import { Collection, facePage } from '#shared/contract/face-search.ts';
import { PageQuery, pageRequest, toPage } from '#shared/contract/pagination.ts';
import { listCollections } from '#shared/db/face-collections.ts';
import { presentCollection } from '../../../faces/present-person.ts';
import { defineFaceOperation } from '../define-face-operation.ts';

export const listCollectionsOperation = defineFaceOperation({
  id: 'listCollections',
  method: 'GET',
  path: '/collections',
  tag: 'Galleries',
  summary: 'List collections',
  scope: 'faces:read',
  query: PageQuery,
  success: { status: 200, data: facePage(Collection), description: 'A page of collections, newest first.' },
  async handle({ query, caller, services }) {
    const page = pageRequest(query);
    const rows = await listCollections(services.database, caller.organisation.id, page);
    const { items, next_cursor } = toPage(rows, page, presentCollection);
    return { id: services.newId(), data: items, next_cursor };
  },
});
