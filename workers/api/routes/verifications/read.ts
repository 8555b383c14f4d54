import { Verification, VerificationParams } from '#shared/contract/checks.ts';
import { notFound } from '#shared/contract/errors.ts';
import { findVerdictOfSession } from '#shared/db/verifications.ts';
import { defineOperation } from '../../operation/operation.ts';
import { isDone, presentVerification } from './present-verification.ts';

export const readVerification = defineOperation({
  id: 'readVerification',
  method: 'GET',
  path: '/api/v1/verifications/{session_id}',
  tag: 'Verifications',
  summary: 'Read a verdict',
  description: 'With its diagnostics. When several routes used the `session_id`, the newest verdict.',
  access: 'key',
  scope: 'detection:read',
  params: VerificationParams,
  success: { status: 200, data: Verification, description: 'The verdict as it was given.' },
  errors: ['not_found'],
  async handle({ params, caller, services }) {
    const row = await findVerdictOfSession(services.database, caller.organisation.id, params.session_id);
    if (row === null || !isDone(row)) throw notFound('Verification');
    return presentVerification(row);
  },
});
