import { VerificationSummary, VerificationsQuery } from '#shared/contract/checks.ts';
import { pageOf, pageRequest, toPage } from '#shared/contract/pagination.ts';
import { listVerdicts } from '#shared/db/verifications.ts';
import { defineOperation } from '../../operation/operation.ts';
import { isDone, presentSummary } from './present-verification.ts';

export const listVerifications = defineOperation({
  id: 'listVerifications',
  method: 'GET',
  path: '/api/v1/verifications',
  tag: 'Verifications',
  summary: 'List verdicts',
  description: 'Newest first, without their diagnostics.',
  access: 'key',
  scope: 'detection:read',
  query: VerificationsQuery,
  success: { status: 200, data: pageOf(VerificationSummary), description: 'A page of verdicts.' },
  async handle({ query, caller, services }) {
    const filter = {
      organisationId: caller.organisation.id,
      fromMs: query.from,
      toMs: query.to,
      model: query.model,
      verdict: query.verdict,
    };
    const page = pageRequest(query);
    const rows = await listVerdicts(services.database, filter, page);
    return toPage(rows.filter(isDone), page, presentSummary);
  },
});
