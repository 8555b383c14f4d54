import { notFound } from '#shared/contract/errors.ts';
import { ApiKey, KeyParams } from '#shared/contract/keys.ts';
import { findKey } from '#shared/db/api-keys.ts';
import { defineOperation } from '../../operation/operation.ts';
import { presentKey } from './present-key.ts';

export const readKey = defineOperation({
  id: 'readKey',
  method: 'GET',
  path: '/api/v1/keys/{key_id}',
  tag: 'Keys',
  summary: 'Read an API key',
  access: 'key',
  scope: 'keys:read',
  params: KeyParams,
  success: { status: 200, data: ApiKey, description: 'The key, without its secret.' },
  errors: ['not_found'],
  async handle({ params, caller, services }) {
    const row = await findKey(services.database, caller.organisation.id, params.key_id);
    if (row === null) throw notFound('API key');
    return presentKey(row, services.nowMs());
  },
});
