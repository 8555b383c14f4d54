import { notFound } from '#shared/contract/errors.ts';
import { pageOf, pageRequest, toPage } from '#shared/contract/pagination.ts';
import { WebhookDeliveriesQuery, WebhookDelivery } from '#shared/contract/webhooks.ts';
import { listDeliveries } from '#shared/db/webhook-deliveries.ts';
import { findWebhook } from '#shared/db/webhooks.ts';
import { defineOperation } from '../../operation/operation.ts';
import { presentDelivery } from './present-delivery.ts';

export const listWebhookDeliveries = defineOperation({
  id: 'listWebhookDeliveries',
  method: 'GET',
  path: '/api/v1/webhooks/deliveries',
  tag: 'Webhooks',
  summary: 'List deliveries',
  description: 'Of all webhooks and callbacks, or of one webhook. They are kept for 30 days.',
  access: 'key',
  scope: 'webhooks:read',
  query: WebhookDeliveriesQuery,
  success: { status: 200, data: pageOf(WebhookDelivery), description: 'A page of deliveries, newest first.' },
  errors: ['not_found'],
  async handle({ query, caller, services }) {
    const { webhook_id: webhookId = null, state = null } = query;
    const { id: organisationId } = caller.organisation;
    const known = webhookId === null || (await findWebhook(services.database, organisationId, webhookId)) !== null;
    if (!known) throw notFound('Webhook');
    const page = pageRequest(query);
    const rows = await listDeliveries(services.database, organisationId, { webhookId, state }, page);
    return toPage(rows, page, presentDelivery);
  },
});
