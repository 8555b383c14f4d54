import { ApiKey } from '#shared/contract/keys.ts';
import { PageQuery, pageOf, pageRequest, toPage } from '#shared/contract/pagination.ts';
import { listKeys } from '#shared/db/api-keys.ts';
import { defineOperation } from '../../operation/operation.ts';
import { presentKey } from './present-key.ts';

export const listApiKeys = defineOperation({
  id: 'listKeys',
  method: 'GET',
  path: '/api/v1/keys',
  tag: 'Keys',
  summary: 'List API keys',
  description: 'Newest first, revoked and expired ones included.',
  access: 'key',
  scope: 'keys:read',
  query: PageQuery,
  success: { status: 200, data: pageOf(ApiKey), description: 'A page of keys.' },
  async handle({ query, caller, services }) {
    const page = pageRequest(query);
    const rows = await listKeys(services.database, caller.organisation.id, page);
    return toPage(rows, page, (row) => presentKey(row, services.nowMs()));
  },
});
