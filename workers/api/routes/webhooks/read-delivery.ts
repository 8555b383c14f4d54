import { notFound } from '#shared/contract/errors.ts';
import { WebhookDeliveryParams, WebhookDeliveryWithAttempts } from '#shared/contract/webhooks.ts';
import { findDelivery, listAttempts } from '#shared/db/webhook-deliveries.ts';
import { defineOperation } from '../../operation/operation.ts';
import { presentDeliveryWithAttempts } from './present-delivery.ts';

/** More than there are, unless somebody has sent it again many times. */
const MOST_ATTEMPTS_SHOWN = 100;

export const readWebhookDelivery = defineOperation({
  id: 'readWebhookDelivery',
  method: 'GET',
  path: '/api/v1/webhooks/deliveries/{delivery_id}',
  tag: 'Webhooks',
  summary: 'Read a delivery with its attempts',
  access: 'key',
  scope: 'webhooks:read',
  params: WebhookDeliveryParams,
  success: {
    status: 200,
    data: WebhookDeliveryWithAttempts,
    description: 'The delivery, and what was sent and answered.',
  },
  errors: ['not_found'],
  async handle({ params, caller, services }) {
    const row = await findDelivery(services.database, caller.organisation.id, params.delivery_id);
    if (row === null) throw notFound('Delivery');
    return presentDeliveryWithAttempts(row, await listAttempts(services.database, row.id, MOST_ATTEMPTS_SHOWN));
  },
});
