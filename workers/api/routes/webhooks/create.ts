import { CreateWebhookBody, WebhookWithSecret } from '#shared/contract/webhooks.ts';
import { defineOperation } from '../../operation/operation.ts';
import { presentWebhook } from './present-webhook.ts';
import { granted } from './webhook-refusal.ts';

export const createWebhook = defineOperation({
  id: 'createWebhook',
  method: 'POST',
  path: '/api/v1/webhooks',
  tag: 'Webhooks',
  summary: 'Add a webhook',
  description:
    'Events are sent to `url`, signed as Standard Webhooks asks. The answer holds the secret, this once. At most 20 webhooks.',
  access: 'key',
  scope: 'webhooks:write',
  creates: true,
  body: CreateWebhookBody,
  success: { status: 201, data: WebhookWithSecret, description: 'The new webhook.' },
  errors: ['conflict', 'service_unavailable'],
  async handle({ body, caller, services, creation }) {
    const asked = { creation, organisationId: caller.organisation.id, ...body };
    const { webhook, secret } = granted('Webhook', await services.webhooks.create(asked));
    return { ...presentWebhook(webhook, services.nowMs()), secret };
  },
});
