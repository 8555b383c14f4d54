import { CreditBalance } from '#shared/contract/credits.ts';
import { readBalance } from '#shared/db/credits.ts';
import { defineOperation } from '../../operation/operation.ts';
import { requestsPerMinute } from '../../use-cases/take-request-quota.ts';

export const readCredits = defineOperation({
  id: 'readCredits',
  method: 'GET',
  path: '/api/v1/credits',
  tag: 'Credits',
  summary: 'Read the credit balance and the plan',
  access: 'key',
  scope: 'credits:read',
  success: { status: 200, data: CreditBalance, description: 'What is left, and which limits apply to this key.' },
  async handle({ caller, services }) {
    const { id, slug, name, requestsPerMinuteByOperation } = caller.organisation;
    return {
      balance: await readBalance(services.database, id),
      organisation: { id, slug, name },
      plan: {
        requests_per_minute: requestsPerMinute(caller, ''),
        requests_per_minute_by_operation: Object.fromEntries(
          Object.keys(requestsPerMinuteByOperation).map((operation) => [
            operation,
            requestsPerMinute(caller, operation),
          ]),
        ),
      },
    };
  },
});
