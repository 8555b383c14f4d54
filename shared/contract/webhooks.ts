import { z } from 'zod';
import { hasVisibleCharacter, Id, Timestamp, UNFIT_TO_READ } from './common.ts';
import { PageQuery } from './pagination.ts';
import { DELIVERY_STATES, WEBHOOK_EVENTS } from './webhook-events.ts';

export const WebhookEventName = z.enum(WEBHOOK_EVENTS).meta({ id: 'WebhookEvent' });

const Url = z
  .string()
  .max(2048)
  .meta({ description: 'https, on a public host, port 443.', example: 'https://example.com/hooks/liveness' });
const Events = z
  .array(WebhookEventName)
  .max(WEBHOOK_EVENTS.length)
  .transform((events) => [...new Set(events)])
  .meta({ description: 'An empty list means all of them.', example: ['session.completed', 'session.failed'] });
const Description = z
  .string()
  .trim()
  .max(200)
  .refine((text) => !UNFIT_TO_READ.test(text), 'must not hold control characters')
  .refine((text) => text === '' || hasVisibleCharacter(text), 'must hold a visible character')
  .meta({ description: 'For people.', example: 'Orders' });

// Strict: a mistyped `events` must not quietly send everything.
export const CreateWebhookBody = z
  .strictObject({ url: Url, events: Events.default([]), description: Description.nullable().default(null) })
  .meta({ id: 'CreateWebhook' });
export type CreateWebhookBody = z.output<typeof CreateWebhookBody>;

export const UpdateWebhookBody = z
  .strictObject({
    url: Url.optional(),
    events: Events.optional(),
    description: Description.nullable().optional(),
    enabled: z.boolean().optional().meta({ description: '`true` also forgives the failures so far.' }),
  })
  .meta({ id: 'UpdateWebhook' });
export type UpdateWebhookBody = z.output<typeof UpdateWebhookBody>;

export const Webhook = z
  .object({
    id: Id,
    url: z.string(),
    events: z.array(z.string()),
    description: z.string().nullable(),
    enabled: z.boolean(),
    disabled_at: Timestamp.nullable(),
    disabled_reason: z.string().nullable(),
    failing_since: Timestamp.nullable().meta({ description: 'Of the first failure since the last success.' }),
    previous_secret_until: Timestamp.nullable().meta({ description: 'Until then, the secret before signs, too.' }),
    created_at: Timestamp,
    updated_at: Timestamp,
  })
  .meta({ id: 'Webhook' });
export type Webhook = z.infer<typeof Webhook>;

export const WebhookWithSecret = Webhook.extend({
  secret: z.string().meta({ description: 'Shown this once.', example: 'whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD' }),
}).meta({ id: 'WebhookWithSecret' });
export type WebhookWithSecret = z.infer<typeof WebhookWithSecret>;

export const WebhookDelivery = z
  .object({
    id: Id,
    webhook_id: Id.nullable().meta({ description: 'null: to the `callback_url` of a session.' }),
    event_id: Id.meta({ description: 'What the receiver gets as `webhook-id`.' }),
    event: WebhookEventName,
    session_id: z.string().nullable(),
    url: z.string(),
    state: z.enum(DELIVERY_STATES),
    attempts: z.int().meta({ description: 'Since it was sent, or sent again by hand.' }),
    next_attempt_at: Timestamp.nullable(),
    created_at: Timestamp,
    ended_at: Timestamp.nullable(),
  })
  .meta({ id: 'WebhookDelivery' });
export type WebhookDelivery = z.infer<typeof WebhookDelivery>;

export const WebhookAttempt = z
  .object({
    at: Timestamp,
    status: z.int().nullable().meta({ description: 'null: no answer came.' }),
    duration_ms: z.int(),
    request_excerpt: z.string().meta({ description: 'What the body begins with, 1 KB.' }),
    response_excerpt: z.string().nullable(),
    error: z.string().nullable(),
  })
  .meta({ id: 'WebhookAttempt' });

export const WebhookDeliveryWithAttempts = WebhookDelivery.extend({
  attempt_log: z.array(WebhookAttempt).meta({ description: 'The newest 100 attempts, oldest first.' }),
}).meta({ id: 'WebhookDeliveryWithAttempts' });
export type WebhookDeliveryWithAttempts = z.infer<typeof WebhookDeliveryWithAttempts>;

export const WebhookParams = z.object({ webhook_id: Id.toLowerCase() });
export const WebhookDeliveryParams = z.object({ delivery_id: Id.toLowerCase() });
export const WebhookDeliveriesQuery = PageQuery.extend({
  webhook_id: Id.toLowerCase().optional(),
  state: z.enum(DELIVERY_STATES).optional(),
});
