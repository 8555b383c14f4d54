import { WorkerEntrypoint } from 'cloudflare:workers';
import type { Creation } from '#shared/db/idempotency.ts';
import type { Delivery } from '#shared/db/webhook-deliveries.ts';
import type { Webhook, WebhookChange } from '#shared/db/webhooks.ts';
import { reasonOf } from '#shared/lib/reason-of.ts';
import type { NewEndpoint, WebhookAddress, WebhookReply, WebhooksService } from '#shared/rpc/webhooks.ts';
import {
  changeEndpoint,
  createWebhook,
  resendDelivery,
  rotateSecret,
  testWebhook,
} from './webhooks/manage-webhooks.ts';
import { createWebhookServices, type WebhookServices, type WebhooksEnv } from './webhooks/webhook-services.ts';

/** Reached through a service binding only; what it answers crosses RPC, so failures are results. */
export class Webhooks extends WorkerEntrypoint<WebhooksEnv> implements WebhooksService {
  async create(asked: NewEndpoint): Promise<WebhookReply<{ webhook: Webhook; secret: string }>> {
    return await this.#orUnavailable((services) => createWebhook(services, asked));
  }

  async change(address: WebhookAddress, change: WebhookChange): Promise<WebhookReply<{ webhook: Webhook }>> {
    return await this.#orUnavailable((services) => changeEndpoint(services, address, change));
  }

  async rotateSecret(address: WebhookAddress): Promise<WebhookReply<{ webhook: Webhook; secret: string }>> {
    return await this.#orUnavailable((services) => rotateSecret(services, address));
  }

  async sendTest(address: WebhookAddress, creation: Creation): Promise<WebhookReply<{ delivery: Delivery }>> {
    return await this.#orUnavailable((services) => testWebhook(services, address, creation));
  }

  async resend(organisationId: string, deliveryId: string): Promise<WebhookReply<{ delivery: Delivery }>> {
    return await this.#orUnavailable((services) => resendDelivery(services, organisationId, deliveryId));
  }

  async #orUnavailable<Value>(
    work: (services: WebhookServices) => Promise<WebhookReply<Value>>,
  ): Promise<WebhookReply<Value>> {
    try {
      return await work(createWebhookServices(this.env));
    } catch (error) {
      console.error(JSON.stringify({ level: 'error', event: 'webhooks_failed', reason: reasonOf(error) }));
      return { ok: false, refusal: { reason: 'unavailable' } };
    }
  }
}
