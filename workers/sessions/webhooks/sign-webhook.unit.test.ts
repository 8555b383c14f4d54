import { Webhook } from 'standardwebhooks';
import { describe, expect, it } from 'vitest';
import { callbackSecretOf } from './callback-secret.ts';
import { webhookHeaders } from './sign-webhook.ts';
import { newWebhookSecret, openSecret, sealSecret, secretsOf } from './webhook-secret.ts';

const DATA_KEY = 'a key of the deployment';
const WEBHOOK_ID = '3f1c9a52-7f0e-4a55-9d0b-0d3c3b8f2a11';
const body = JSON.stringify({ event: 'session.completed', data: { name: 'José 🎉' } });
const messageNow = () => ({ id: 'evt-1', sentAtMs: Date.now(), body });

describe('the library of Standard Webhooks', () => {
  it('verifies what we sign', async () => {
    const secret = newWebhookSecret();
    const headers = await webhookHeaders(messageNow(), [secret]);
    expect(new Webhook(secret).verify(body, headers)).toEqual(JSON.parse(body));
    expect(headers['webhook-signature']).toBe(
      new Webhook(secret).sign('evt-1', new Date(Number(headers['webhook-timestamp']) * 1000), body),
    );
  });

  it('verifies with either secret while both sign', async () => {
    const [fresh, old] = [newWebhookSecret(), newWebhookSecret()];
    const headers = await webhookHeaders(messageNow(), [fresh, old]);
    for (const secret of [fresh, old]) expect(new Webhook(secret).verify(body, headers)).toEqual(JSON.parse(body));
    expect(() => new Webhook(newWebhookSecret()).verify(body, headers)).toThrow('No matching signature');
  });

  it('refuses another body, another id, an old time', async () => {
    const secret = newWebhookSecret();
    const headers = await webhookHeaders(messageNow(), [secret]);
    const verifier = new Webhook(secret);
    expect(() => verifier.verify(`${body} `, headers)).toThrow();
    expect(() => verifier.verify(body, { ...headers, 'webhook-id': 'evt-2' })).toThrow();
    const old = await webhookHeaders({ ...messageNow(), sentAtMs: Date.now() - 600_000 }, [secret]);
    expect(() => verifier.verify(body, old)).toThrow('too old');
  });

  it('verifies a callback with the secret of its session, and of no other', async () => {
    const secret = await callbackSecretOf(DATA_KEY, 'session-1');
    expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
    expect(await callbackSecretOf(DATA_KEY, 'session-1')).toBe(secret);
    const headers = await webhookHeaders(messageNow(), [secret]);
    expect(new Webhook(secret).verify(body, headers)).toEqual(JSON.parse(body));
    for (const other of [await callbackSecretOf(DATA_KEY, 'session-2'), await callbackSecretOf('other', 'session-1')])
      expect(() => new Webhook(other).verify(body, headers)).toThrow();
  });
});

describe('a secret', () => {
  it('has 32 bytes of chance', () => {
    expect(newWebhookSecret()).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
    expect(newWebhookSecret()).not.toBe(newWebhookSecret());
  });

  it('is sealed for its endpoint and its deployment alone', async () => {
    const secret = newWebhookSecret();
    const sealed = await sealSecret(secret, DATA_KEY, WEBHOOK_ID);
    expect(sealed).not.toContain(secret.slice(6));
    expect(await openSecret(sealed, DATA_KEY, WEBHOOK_ID)).toBe(secret);
    await expect(openSecret(sealed, DATA_KEY, 'another')).rejects.toThrow();
    await expect(openSecret(sealed, 'another key', WEBHOOK_ID)).rejects.toThrow();
  });

  it('that was replaced signs until its time is over', async () => {
    const [fresh, old] = [newWebhookSecret(), newWebhookSecret()];
    const webhook = {
      id: WEBHOOK_ID,
      organisationId: 'acme',
      url: 'https://example.com',
      events: [],
      description: null,
      sealedSecret: await sealSecret(fresh, DATA_KEY, WEBHOOK_ID),
      previousSealedSecret: await sealSecret(old, DATA_KEY, WEBHOOK_ID),
      previousSecretUntilMs: 1000,
      disabledAtMs: null,
      disabledReason: null,
      failingSinceMs: null,
      createdAtMs: 0,
      updatedAtMs: 0,
    };
    expect(await secretsOf(webhook, DATA_KEY, 999)).toEqual([fresh, old]);
    expect(await secretsOf(webhook, DATA_KEY, 1000)).toEqual([fresh]);
    const sealedOtherwise = await sealSecret(old, 'a lost key', WEBHOOK_ID);
    expect(await secretsOf({ ...webhook, previousSealedSecret: sealedOtherwise }, DATA_KEY, 999)).toEqual([fresh]);
    await expect(secretsOf({ ...webhook, sealedSecret: sealedOtherwise }, DATA_KEY, 999)).rejects.toThrow();
  });
});
