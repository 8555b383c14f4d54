import { ApiKey, KeyParams, UpdateKeyBody } from '#shared/contract/keys.ts';
import { defineOperation } from '../../operation/operation.ts';
import { changeKey } from '../../use-cases/manage-keys.ts';
import { presentKey } from './present-key.ts';

export const updateApiKey = defineOperation({
  id: 'updateKey',
  method: 'PATCH',
  path: '/api/v1/keys/{key_id}',
  tag: 'Keys',
  summary: 'Change name, scopes or expiry of an API key',
  description: 'Members that are left out stay as they are. Takes effect everywhere within 30 seconds.',
  access: 'key',
  scope: 'keys:write',
  params: KeyParams,
  body: UpdateKeyBody,
  success: { status: 200, data: ApiKey, description: 'The key as it is now.' },
  errors: ['not_found'],
  async handle({ params, body, caller, services }) {
    return presentKey(await changeKey(services, caller, params.key_id, body), services.nowMs());
  },
});
