import { CreatedApiKey, CreateKeyBody } from '#shared/contract/keys.ts';
import { defineOperation } from '../../operation/operation.ts';
import { issueKey } from '../../use-cases/manage-keys.ts';
import { presentKey } from './present-key.ts';

export const createKey = defineOperation({
  id: 'createKey',
  method: 'POST',
  path: '/api/v1/keys',
  tag: 'Keys',
  summary: 'Create an API key',
  description:
    'The answer holds the key, this once. A key can hand out no scope that it lacks itself, and no life longer than its own.',
  access: 'key',
  scope: 'keys:write',
  creates: true,
  body: CreateKeyBody,
  success: { status: 201, data: CreatedApiKey, description: 'The new key.' },
  async handle({ body, caller, services, creation }) {
    const { row, key } = await issueKey(services, caller, creation, body);
    return { ...presentKey(row, services.nowMs()), key };
  },
});
