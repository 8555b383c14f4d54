import { Id } from '#shared/contract/common.ts';
import { notFound } from '#shared/contract/errors.ts';
import { facePage, Person } from '#shared/contract/face-search.ts';
import { PageQuery, pageRequest, toPage } from '#shared/contract/pagination.ts';
import { findCollection } from '#shared/db/face-collections.ts';
import { listPersons } from '#shared/db/face-persons.ts';
import { presentPerson } from '../../../faces/present-person.ts';
import { defineFaceOperation } from '../define-face-operation.ts';

export const listPersonsOperation = defineFaceOperation({
  id: 'listPersons',
  method: 'GET',
  path: '/persons',
  tag: 'Galleries',
  summary: 'List persons',
  scope: 'faces:read',
  query: PageQuery.extend({
    collection_id: Id.optional().meta({ description: 'Of this collection; of all by default.' }),
  }),
  success: { status: 200, data: facePage(Person), description: 'A page of persons, newest first.' },
  errors: ['not_found'],
  async handle({ query, caller, services }) {
    const organisationId = caller.organisation.id;
    const collectionId = query.collection_id ?? null;
    if (collectionId !== null && (await findCollection(services.database, organisationId, collectionId)) === null) {
      throw notFound('Collection');
    }
    const page = pageRequest(query);
    const rows = await listPersons(services.database, { organisationId, collectionId }, page);
    const { items, next_cursor } = toPage(rows, page, presentPerson);
    return { id: services.newId(), data: items, next_cursor };
  },
});
