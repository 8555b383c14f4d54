import type { Creation } from '../db/idempotency.ts';
import type { Delivery } from '../db/webhook-deliveries.ts';
import type { Webhook, WebhookChange } from '../db/webhooks.ts';

/**
 * What the gateway may ask of webhooks: all that needs their secrets, the rules for targets, or the queue. Plain reads it does
 * itself. Every answer is a result, for errors do not cross RPC whole.
 */
export interface WebhooksService {
  /** The same endpoint and secret again where a call is repeated that had made it. */
  create(asked: NewEndpoint): Promise<WebhookReply<{ webhook: Webhook; secret: string }>>;
  change(address: WebhookAddress, change: WebhookChange): Promise<WebhookReply<{ webhook: Webhook }>>;
  /** The secret before is honoured, and signed with, for 24 hours more. */
  rotateSecret(address: WebhookAddress): Promise<WebhookReply<{ webhook: Webhook; secret: string }>>;
  /** Sends `webhook.test` to this endpoint, whatever it listens to. */
  sendTest(address: WebhookAddress, creation: Creation): Promise<WebhookReply<{ delivery: Delivery }>>;
  /** Begins a new round of attempts. */
  resend(organisationId: string, deliveryId: string): Promise<WebhookReply<{ delivery: Delivery }>>;
}

export interface WebhookAddress {
  organisationId: string;
  webhookId: string;
}

export interface NewEndpoint {
  creation: Creation;
  organisationId: string;
  url: string;
  events: string[];
  description: string | null;
}

export type WebhookRefusal =
  | { reason: 'not_found' | 'too_many' | 'disabled' | 'under_way' | 'unavailable' }
  /** Reads after the name of the field. */
  | { reason: 'invalid_url'; message: string };

export type WebhookReply<Value> = ({ ok: true } & Value) | { ok: false; refusal: WebhookRefusal };
