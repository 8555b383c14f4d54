import { UpdateWebhookBody, Webhook, WebhookParams } from '#shared/contract/webhooks.ts';
import { defineOperation } from '../../operation/operation.ts';
import { presentWebhook } from './present-webhook.ts';
import { granted } from './webhook-refusal.ts';

export const updateWebhook = defineOperation({
  id: 'updateWebhook',
  method: 'PATCH',
  path: '/api/v1/webhooks/{webhook_id}',
  tag: 'Webhooks',
  summary: 'Change a webhook, or enable it again',
  description:
    'Members that are left out stay as they are. What is on its way goes to the new `url`; while the webhook is disabled, nothing does.',
  access: 'key',
  scope: 'webhooks:write',
  params: WebhookParams,
  body: UpdateWebhookBody,
  success: { status: 200, data: Webhook, description: 'The webhook as it is now.' },
  errors: ['not_found', 'service_unavailable'],
  async handle({ params, body, caller, services }) {
    const address = { organisationId: caller.organisation.id, webhookId: params.webhook_id };
    const { webhook } = granted('Webhook', await services.webhooks.change(address, body));
    return presentWebhook(webhook, services.nowMs());
  },
});
