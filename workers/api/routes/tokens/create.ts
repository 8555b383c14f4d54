import { ApiToken, CreateTokenBody } from '#shared/contract/tokens.ts';
import { defineOperation } from '../../operation/operation.ts';
import { issueToken } from '../../tokens/issue-token.ts';

export const createToken = defineOperation({
  id: 'createToken',
  method: 'POST',
  path: '/api/v1/tokens',
  tag: 'Tokens',
  summary: 'Make a bearer token',
  description:
    'For face search: a JWT that does what the key does, or less, for a while, so that the key itself stays on the server. It shares the key’s rate limit and ends with the key.',
  access: 'key',
  creates: true,
  body: CreateTokenBody,
  success: { status: 201, data: ApiToken, description: 'The token. It is shown once.' },
  errors: ['insufficient_scope'],
  async handle({ body, caller, services }) {
    return issueToken(services, caller, body);
  },
});
