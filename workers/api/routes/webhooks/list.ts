import { PageQuery, pageOf, pageRequest, toPage } from '#shared/contract/pagination.ts';
import { Webhook } from '#shared/contract/webhooks.ts';
import { listWebhooks } from '#shared/db/webhooks.ts';
import { defineOperation } from '../../operation/operation.ts';
import { presentWebhook } from './present-webhook.ts';

export const listAllWebhooks = defineOperation({
  id: 'listWebhooks',
  method: 'GET',
  path: '/api/v1/webhooks',
  tag: 'Webhooks',
  summary: 'List webhooks',
  access: 'key',
  scope: 'webhooks:read',
  query: PageQuery,
  success: { status: 200, data: pageOf(Webhook), description: 'A page of webhooks, newest first.' },
  async handle({ query, caller, services }) {
    const page = pageRequest(query);
    const rows = await listWebhooks(services.database, caller.organisation.id, page);
    return toPage(rows, page, (row) => presentWebhook(row, services.nowMs()));
  },
});
