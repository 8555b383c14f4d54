import { WebhookDelivery, WebhookDeliveryParams } from '#shared/contract/webhooks.ts';
import { defineOperation } from '../../operation/operation.ts';
import { presentDelivery } from './present-delivery.ts';
import { granted } from './webhook-refusal.ts';

export const resendWebhookDelivery = defineOperation({
  id: 'resendWebhookDelivery',
  method: 'POST',
  path: '/api/v1/webhooks/deliveries/{delivery_id}/resend',
  tag: 'Webhooks',
  summary: 'Send a delivery again',
  description: 'One that has failed, or was delivered, begins a new round of attempts under the same `webhook-id`.',
  access: 'key',
  scope: 'webhooks:write',
  params: WebhookDeliveryParams,
  success: { status: 200, data: WebhookDelivery, description: 'The delivery, on its way again.' },
  errors: ['not_found', 'conflict', 'service_unavailable'],
  async handle({ params, caller, services }) {
    const { id } = caller.organisation;
    return presentDelivery(granted('Delivery', await services.webhooks.resend(id, params.delivery_id)).delivery);
  },
});
