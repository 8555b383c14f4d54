import { notFound } from '#shared/contract/errors.ts';
import { KnownUser, UserParams } from '#shared/contract/users.ts';
import { listUserTemplates } from '#shared/db/user-templates.ts';
import { defineOperation } from '../../operation/operation.ts';
import { presentUser } from './present-user.ts';

export const readUser = defineOperation({
  id: 'readUser',
  method: 'GET',
  path: '/api/v1/users/{user_identifier}',
  tag: 'Users',
  summary: 'Read what is remembered of a user',
  description: 'From which sessions their face is remembered. What is remembered itself is shown to nobody.',
  access: 'key',
  scope: 'session:read',
  params: UserParams,
  success: { status: 200, data: KnownUser, description: 'What is remembered.' },
  errors: ['not_found'],
  async handle({ params, caller, services }) {
    const user = { organisationId: caller.organisation.id, userIdentifier: params.user_identifier };
    const known = presentUser(await listUserTemplates(services.database, user));
    if (known === null) throw notFound('User');
    return known;
  },
});
