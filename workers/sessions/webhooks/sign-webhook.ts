import { decodeBase64, encodeBase64 } from 'hono/utils/encode';
import { SECRET_PREFIX } from './webhook-secret.ts';

const encoder = new TextEncoder();
const MS_PER_SECOND = 1000;

export interface WebhookMessage {
  /** The same for each attempt, so that a receiver can tell what it has had. */
  id: string;
  sentAtMs: number;
  body: string;
}

/** The headers of Standard Webhooks, with a signature for each secret: a receiver needs to know one of them. */
export async function webhookHeaders(message: WebhookMessage, secrets: string[]): Promise<Record<string, string>> {
  const timestamp = String(Math.floor(message.sentAtMs / MS_PER_SECOND));
  const signed = `${message.id}.${timestamp}.${message.body}`;
  const signatures = await Promise.all(secrets.map((secret) => signatureOf(signed, secret)));
  return {
    'content-type': 'application/json',
    'user-agent': 'edge-liveness-webhooks',
    'webhook-id': message.id,
    'webhook-timestamp': timestamp,
    'webhook-signature': signatures.join(' '),
  };
}

async function signatureOf(signed: string, secret: string): Promise<string> {
  const bytes = decodeBase64(secret.slice(SECRET_PREFIX.length));
  const key = await crypto.subtle.importKey('raw', bytes, { name: 'HMAC', hash: 'SHA-256' }, false, ['sign']);
  return `v1,${encodeBase64(await crypto.subtle.sign('HMAC', key, encoder.encode(signed)))}`;
}
