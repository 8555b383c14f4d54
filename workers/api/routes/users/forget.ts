import { notFound } from '#shared/contract/errors.ts';
import { ForgottenUser, UserParams } from '#shared/contract/users.ts';
import { eraseUserTemplates } from '#shared/db/user-templates.ts';
import { defineOperation } from '../../operation/operation.ts';

export const forgetUser = defineOperation({
  id: 'forgetUser',
  method: 'DELETE',
  path: '/api/v1/users/{user_identifier}',
  tag: 'Users',
  summary: 'Forget what a user looks like',
  description:
    'Erases every face template of the user, at once and for good. Their sessions and the audit trails stay.',
  access: 'key',
  scope: 'session:write',
  params: UserParams,
  success: { status: 200, data: ForgottenUser, description: 'How much was erased.' },
  errors: ['not_found'],
  async handle({ params, caller, services }) {
    const userIdentifier = params.user_identifier;
    const erased = await eraseUserTemplates(services.database, {
      organisationId: caller.organisation.id,
      userIdentifier,
    });
    if (erased === 0) throw notFound('User');
    return { user_identifier: userIdentifier, erased };
  },
});
