import { WebhookParams, WebhookWithSecret } from '#shared/contract/webhooks.ts';
import { defineOperation } from '../../operation/operation.ts';
import { presentWebhook } from './present-webhook.ts';
import { granted } from './webhook-refusal.ts';

export const rotateWebhookSecret = defineOperation({
  id: 'rotateWebhookSecret',
  method: 'POST',
  path: '/api/v1/webhooks/{webhook_id}/rotate-secret',
  tag: 'Webhooks',
  summary: 'Give a webhook a new secret',
  description:
    'For 24 hours, each delivery carries a signature with the old one, too; repeated within that time, with the oldest one. The answer holds the new one, this once.',
  access: 'key',
  scope: 'webhooks:write',
  params: WebhookParams,
  success: { status: 200, data: WebhookWithSecret, description: 'The webhook with its new secret.' },
  errors: ['not_found', 'service_unavailable'],
  async handle({ params, caller, services }) {
    const address = { organisationId: caller.organisation.id, webhookId: params.webhook_id };
    const { webhook, secret } = granted('Webhook', await services.webhooks.rotateSecret(address));
    return { ...presentWebhook(webhook, services.nowMs()), secret };
  },
});
