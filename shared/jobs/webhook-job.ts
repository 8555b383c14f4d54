import { z } from 'zod';

/** What travels through the queue: references. A message may arrive twice, late, or after its work is done. */
export const WebhookJob = z.discriminatedUnion('kind', [
  z.object({ version: z.literal(1), kind: z.literal('dispatch'), organisationId: z.string() }),
  z.object({ version: z.literal(1), kind: z.literal('deliver'), deliveryId: z.string() }),
]);
export type WebhookJob = z.infer<typeof WebhookJob>;

export function dispatchJob(organisationId: string): WebhookJob {
  return { version: 1, kind: 'dispatch', organisationId };
}

export function deliverJob(deliveryId: string): WebhookJob {
  return { version: 1, kind: 'deliver', deliveryId };
}

export const WEBHOOK_DEAD_LETTER_QUEUE = 'edge-liveness-webhooks-dead';
