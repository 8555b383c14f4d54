import { encodeBase64 } from 'hono/utils/encode';
import type { WebhookRow } from '#shared/db/webhooks.ts';
import { seal, unseal } from '#shared/lib/sealed.ts';

/** As Standard Webhooks writes a symmetric secret. */
export const SECRET_PREFIX = 'whsec_';
export const SECRET_BYTES = 32;

export function newWebhookSecret(): string {
  return `${SECRET_PREFIX}${encodeBase64(crypto.getRandomValues(new Uint8Array(SECRET_BYTES)).buffer)}`;
}

/** Bound to its endpoint: a row that is copied over another one opens nothing. */
const purposeOf = (webhookId: string) => `webhook secret ${webhookId}`;

export async function sealSecret(secret: string, dataKey: string, webhookId: string): Promise<string> {
  return await seal(secret, dataKey, purposeOf(webhookId));
}

export async function openSecret(sealedSecret: string, dataKey: string, webhookId: string): Promise<string> {
  return await unseal(sealedSecret, dataKey, purposeOf(webhookId));
}

/**
 * The one in force first; while a rotation is fresh, also the one before, unless it was sealed with a data key that is lost: then there is
 * no receiver to be spared, for with it nothing was delivered.
 */
export async function secretsOf(webhook: WebhookRow, dataKey: string, nowMs: number): Promise<string[]> {
  const { id, sealedSecret, previousSealedSecret, previousSecretUntilMs } = webhook;
  const isHonoured = previousSecretUntilMs !== null && nowMs < previousSecretUntilMs;
  const current = await openSecret(sealedSecret, dataKey, id);
  if (!isHonoured || previousSealedSecret === null) return [current];
  const previous = await openSecret(previousSealedSecret, dataKey, id).catch(() => null);
  return previous === null ? [current] : [current, previous];
}
