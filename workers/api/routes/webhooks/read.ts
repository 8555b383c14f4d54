import { notFound } from '#shared/contract/errors.ts';
import { Webhook, WebhookParams } from '#shared/contract/webhooks.ts';
import { findWebhook } from '#shared/db/webhooks.ts';
import { defineOperation } from '../../operation/operation.ts';
import { presentWebhook } from './present-webhook.ts';

export const readWebhook = defineOperation({
  id: 'readWebhook',
  method: 'GET',
  path: '/api/v1/webhooks/{webhook_id}',
  tag: 'Webhooks',
  summary: 'Read a webhook',
  access: 'key',
  scope: 'webhooks:read',
  params: WebhookParams,
  success: { status: 200, data: Webhook, description: 'The webhook, without its secret.' },
  errors: ['not_found'],
  async handle({ params, caller, services }) {
    const row = await findWebhook(services.database, caller.organisation.id, params.webhook_id);
    if (row === null) throw notFound('Webhook');
    return presentWebhook(row, services.nowMs());
  },
});
