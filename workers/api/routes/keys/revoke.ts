import { ApiKey, KeyParams } from '#shared/contract/keys.ts';
import { defineOperation } from '../../operation/operation.ts';
import { withdrawKey } from '../../use-cases/manage-keys.ts';
import { presentKey } from './present-key.ts';

export const revokeApiKey = defineOperation({
  id: 'revokeKey',
  method: 'DELETE',
  path: '/api/v1/keys/{key_id}',
  tag: 'Keys',
  summary: 'Revoke an API key',
  description: 'For good. The key stops working everywhere within 30 seconds and stays listed as revoked.',
  access: 'key',
  scope: 'keys:write',
  params: KeyParams,
  success: { status: 200, data: ApiKey, description: 'The revoked key.' },
  errors: ['not_found'],
  async handle({ params, caller, services }) {
    return presentKey(await withdrawKey(services, caller, params.key_id), services.nowMs());
  },
});
