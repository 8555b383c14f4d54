import type { WebhookWithSecret } from '#shared/contract/webhooks.ts';
import type { WebhooksService } from '#shared/rpc/webhooks.ts';
import { type CallOptions, callData, callJson } from '#shared/testing/call-gateway.ts';
import { changeEndpoint, createWebhook, resendDelivery, rotateSecret, testWebhook } from '../manage-webhooks.ts';
import { clearWebhooks, HOOK, webhookBench } from './webhook-bench.ts';

const ACME = 'sk-local-acme';
export const GLOBEX = 'sk-local-globex';
export const PATH = '/api/v1/webhooks';
export const DELIVERIES = `${PATH}/deliveries`;

/** Webhooks as the API has them, over a queue and a receiver of the test's. `begin` before each test: nothing is left of the last. */
export function webhooksOverHttp() {
  const now = { bench: webhookBench() };

  async function begin(): Promise<void> {
    await clearWebhooks();
    now.bench = webhookBench();
    now.bench.clock.nowMs = Date.now();
  }

  /** The entrypoint without RPC. */
  const service: WebhooksService = {
    create: (asked) => createWebhook(now.bench.services, asked),
    change: (address, change) => changeEndpoint(now.bench.services, address, change),
    rotateSecret: (address) => rotateSecret(now.bench.services, address),
    sendTest: (address, creation) => testWebhook(now.bench.services, address, creation),
    resend: (organisationId, deliveryId) => resendDelivery(now.bench.services, organisationId, deliveryId),
  };
  const asked = (options: CallOptions): CallOptions => ({ key: ACME, env: { WEBHOOKS: service }, ...options });
  const data = <Data>(path: string, options: CallOptions = {}) => callData<Data>(path, asked(options));
  const answer = (path: string, options: CallOptions = {}) => callJson(path, asked(options));

  return {
    begin,
    service,
    data,
    answer,
    bench: () => now.bench,
    statusOf: async (path: string, options: CallOptions = {}) => (await answer(path, options)).response.status,
    create: (members: Record<string, unknown> = {}, options: CallOptions = {}) =>
      data<WebhookWithSecret>(PATH, { method: 'POST', body: { url: HOOK, ...members }, ...options }),
    async consumeAll() {
      while (now.bench.sent.length > 0) await now.bench.consumeSent();
    },
  };
}
