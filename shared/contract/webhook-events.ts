export const WEBHOOK_EVENTS = [
  'verification.completed',
  'session.created',
  'session.started',
  'session.completed',
  'session.failed',
  'session.expired',
  'session.cancelled',
  'video.completed',
  'video.failed',
  'webhook.test',
] as const;
export type WebhookEvent = (typeof WEBHOOK_EVENTS)[number];

export const DELIVERY_STATES = ['pending', 'delivered', 'failed'] as const;
export type DeliveryState = (typeof DELIVERY_STATES)[number];
