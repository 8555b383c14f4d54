import { WebhookDelivery, WebhookParams } from '#shared/contract/webhooks.ts';
import { defineOperation } from '../../operation/operation.ts';
import { presentDelivery } from './present-delivery.ts';
import { granted } from './webhook-refusal.ts';

export const testWebhook = defineOperation({
  id: 'testWebhook',
  method: 'POST',
  path: '/api/v1/webhooks/{webhook_id}/test',
  tag: 'Webhooks',
  summary: 'Send a test event',
  description: 'Sends `webhook.test`, whatever the webhook listens to. Read the delivery to see how it went.',
  access: 'key',
  scope: 'webhooks:write',
  creates: true,
  params: WebhookParams,
  success: { status: 201, data: WebhookDelivery, description: 'The delivery, on its way.' },
  errors: ['not_found', 'conflict', 'service_unavailable'],
  async handle({ params, caller, services, creation }) {
    const address = { organisationId: caller.organisation.id, webhookId: params.webhook_id };
    return presentDelivery(granted('Webhook', await services.webhooks.sendTest(address, creation)).delivery);
  },
});
