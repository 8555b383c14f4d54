import { notFound } from '#shared/contract/errors.ts';
import { Webhook, WebhookParams } from '#shared/contract/webhooks.ts';
import { removeWebhook } from '#shared/db/webhooks.ts';
import { defineOperation } from '../../operation/operation.ts';
import { presentWebhook } from './present-webhook.ts';

export const deleteWebhook = defineOperation({
  id: 'deleteWebhook',
  method: 'DELETE',
  path: '/api/v1/webhooks/{webhook_id}',
  tag: 'Webhooks',
  summary: 'Remove a webhook',
  description: 'With its secret and the log of its deliveries. What is on its way is not sent.',
  access: 'key',
  scope: 'webhooks:write',
  params: WebhookParams,
  success: { status: 200, data: Webhook, description: 'The webhook that was removed.' },
  errors: ['not_found'],
  async handle({ params, caller, services }) {
    const row = await removeWebhook(services.database, caller.organisation.id, params.webhook_id);
    if (row === null) throw notFound('Webhook');
    return presentWebhook(row, services.nowMs());
  },
});
