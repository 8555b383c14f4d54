import { env } from 'cloudflare:workers';
import { Webhook as Verifier } from 'standardwebhooks';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Page } from '#shared/contract/pagination.ts';
import type { Webhook, WebhookDelivery, WebhookWithSecret } from '#shared/contract/webhooks.ts';
import { MOST_WEBHOOKS } from '#shared/db/webhooks.ts';
import type { WebhooksService } from '#shared/rpc/webhooks.ts';
import { call, callData, callJson } from '#shared/testing/call-gateway.ts';
import { seedDatabase } from '#shared/testing/seeded-database.ts';
import { HOOK } from '../../../sessions/webhooks/testing/webhook-bench.ts';
import { DELIVERIES, GLOBEX, PATH, webhooksOverHttp } from '../../../sessions/webhooks/testing/webhooks-over-http.ts';

const ACME = 'sk-local-acme';
const { begin, bench, service, data, answer, statusOf, create, consumeAll } = webhooksOverHttp();

beforeAll(seedDatabase);
beforeEach(begin);

describe('a webhook', () => {
  it('shows its secret once, and keeps it sealed', async () => {
    const made = await create({ events: ['session.completed', 'session.completed'], description: ' Orders ' });
    expect(made).toMatchObject({
      url: HOOK,
      events: ['session.completed'],
      description: 'Orders',
      enabled: true,
      disabled_reason: null,
      failing_since: null,
    });
    expect(made.secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
    const { secret, ...shown } = made;
    expect(await data<Webhook>(`${PATH}/${made.id}`)).toEqual(shown);
    expect((await data<Page<Webhook>>(PATH)).items).toEqual([shown]);
    const stored = await env.DB.prepare('SELECT * FROM webhooks WHERE id = ?').bind(made.id).first();
    expect(JSON.stringify(stored)).not.toContain(secret.slice(6, 40));
  });

  it('is made once when the call is repeated, with the same secret', async () => {
    const headers = { 'idempotency-key': crypto.randomUUID() };
    const first = await create({}, { headers });
    expect(await create({}, { headers })).toEqual(first);
    const creation = { id: first.id, claimedUntilMs: null };
    const { organisation_id: organisationId } =
      (await env.DB.prepare('SELECT organisation_id FROM webhooks').first<{ organisation_id: string }>()) ?? {};
    // As if the answer to the first had been lost before it was kept.
    const again = await service.create({
      creation,
      organisationId: organisationId ?? '',
      url: HOOK,
      events: [],
      description: null,
    });
    expect(again).toMatchObject({ ok: true, secret: first.secret });
  });

  it.each([
    'http://hooks.example.com/',
    'https://10.1.2.3/',
    'https://localhost/',
    'http://localhost:8080/',
    'https://a.internal/',
    'https://hooks.example.com:8443/',
    'https://me:secret@hooks.example.com/',
    'nonsense',
  ])('does not go to %s', async (url) => {
    const { response, body } = await answer(PATH, { method: 'POST', body: { url } });
    expect([response.status, Object.keys(body.errors?.[0] ?? {})]).toEqual([400, ['url']]);
    const { id } = await create();
    expect(await statusOf(`${PATH}/${id}`, { method: 'PATCH', body: { url } })).toBe(400);
    expect(await data(`${PATH}/${id}`)).toMatchObject({ url: HOOK });
  });

  it.each([
    {},
    { url: HOOK, events: ['session.melted'] },
    { url: HOOK, event: ['session.completed'] },
    { url: HOOK, description: 'a\u202eb' },
    { url: `https://hooks.example.com/${'x'.repeat(2048)}` },
  ])('is not made of %j', async (body) => {
    expect(await statusOf(PATH, { method: 'POST', body })).toBe(400);
  });

  it('is one of twenty at most, also when all are made at once', async () => {
    const one = { url: HOOK };
    const made = await Promise.all(
      Array.from({ length: MOST_WEBHOOKS + 3 }, () => statusOf(PATH, { method: 'POST', body: one })),
    );
    expect(made.toSorted()).toEqual([...Array(MOST_WEBHOOKS).fill(201), 409, 409, 409]);
    expect(await statusOf(PATH, { method: 'POST', body: one, key: GLOBEX })).toBe(201);
  });

  it('changes what is named and leaves the rest', async () => {
    const { secret: _, ...made } = await create({ events: ['session.failed'], description: 'x' });
    const patch = (body: unknown) => data<Webhook>(`${PATH}/${made.id}`, { method: 'PATCH', body });
    expect(await patch({ events: [] })).toMatchObject({ events: [], description: 'x', url: made.url });
    expect(await patch({ description: null })).toMatchObject({ description: null, enabled: true });
    expect(await patch({ enabled: false })).toMatchObject({
      enabled: false,
      disabled_reason: 'Disabled by its owner.',
      disabled_at: expect.any(String),
    });
    expect(await patch({ enabled: true })).toMatchObject({ enabled: true, disabled_at: null, disabled_reason: null });
  });

  it('goes with the log of its deliveries', async () => {
    const { id } = await create();
    await data(`${PATH}/${id}/test`, { method: 'POST' });
    expect(await data(`${PATH}/${id}`, { method: 'DELETE' })).toMatchObject({ id });
    expect(await statusOf(`${PATH}/${id}`)).toBe(404);
    expect(await statusOf(`${PATH}/${id}`, { method: 'DELETE' })).toBe(404);
    expect((await data<Page<WebhookDelivery>>(DELIVERIES)).items).toEqual([]);
  });

  it('gets a new secret, and the old one is honoured for a day', async () => {
    const made = await create();
    const rotated = await data<WebhookWithSecret>(`${PATH}/${made.id}/rotate-secret`, { method: 'POST' });
    expect(rotated.secret).not.toBe(made.secret);
    expect(Date.parse(rotated.previous_secret_until ?? '') - bench().clock.nowMs).toBe(24 * 60 * 60 * 1000);
    await data(`${PATH}/${made.id}/test`, { method: 'POST' });
    await consumeAll();
    const [message] = bench().received;
    if (message === undefined) throw new Error('nothing arrived');
    for (const { secret } of [made, rotated])
      expect(new Verifier(secret).verify(message.body, message.headers)).toMatchObject({ event: 'webhook.test' });
  });
});

describe('another organisation', () => {
  it('sees and changes nothing', async () => {
    const { id } = await create();
    const delivery = await data<WebhookDelivery>(`${PATH}/${id}/test`, { method: 'POST' });
    await consumeAll();
    const before = await data(`${PATH}/${id}`);
    const strange = (path: string, method = 'GET', body?: unknown) =>
      statusOf(path, { method, key: GLOBEX, ...(body === undefined ? {} : { body }) });
    expect(
      await Promise.all([
        strange(`${PATH}/${id}`),
        strange(`${PATH}/${id}`, 'PATCH', { enabled: false }),
        strange(`${PATH}/${id}`, 'DELETE'),
        strange(`${PATH}/${id}/rotate-secret`, 'POST'),
        strange(`${PATH}/${id}/test`, 'POST'),
        strange(`${DELIVERIES}?webhook_id=${id}`),
        strange(`${DELIVERIES}/${delivery.id}`),
        strange(`${DELIVERIES}/${delivery.id}/resend`, 'POST'),
      ]),
    ).toEqual(Array(8).fill(404));
    for (const path of [PATH, DELIVERIES]) expect((await data<Page<unknown>>(path, { key: GLOBEX })).items).toEqual([]);
    expect(await data(`${PATH}/${id}`)).toEqual(before);
    expect([bench().received.length, bench().sent]).toEqual([1, []]);
  });

  it('cannot take an id that is another one’s', async () => {
    const { id } = await create();
    const globex = await env.DB.prepare("SELECT id FROM organisations WHERE slug = 'globex'").first<string>('id');
    const creation = { id, claimedUntilMs: null };
    const theirs = { creation, organisationId: globex ?? '', url: HOOK, events: [], description: null };
    expect(await service.create(theirs)).toMatchObject({ ok: false });
  });
});

describe('a key', () => {
  it('needs the scope', async () => {
    const reader = (
      await data<{ key: string }>('/api/v1/keys', {
        method: 'POST',
        body: { name: 'reads', scopes: ['webhooks:read'] },
      })
    ).key;
    expect(await statusOf(PATH, { key: reader })).toBe(200);
    const refused = await answer(PATH, { key: reader, method: 'POST', body: { url: HOOK } });
    expect([refused.response.status, refused.body.required_scope]).toEqual([403, 'webhooks:write']);
  });
});

describe('the entrypoint', () => {
  it('answers over RPC', async () => {
    const made = await callData<WebhookWithSecret>(PATH, { method: 'POST', key: ACME, body: { url: HOOK } });
    expect(made.secret).toMatch(/^whsec_/);
    expect((await call(`${PATH}/${made.id}/rotate-secret`, { method: 'POST', key: GLOBEX })).status).toBe(404);
    const refused = await callJson(PATH, { method: 'POST', key: ACME, body: { url: 'https://10.0.0.1/' } });
    expect([refused.response.status, refused.body.message]).toEqual([400, expect.stringContaining('public host')]);
  });

  it('that does not answer is said to', async () => {
    const dead: WebhooksService = {
      ...service,
      create: async () => ({ ok: false, refusal: { reason: 'unavailable' } }),
    };
    const options = { method: 'POST', key: ACME, body: { url: HOOK }, env: { WEBHOOKS: dead } };
    expect((await call(PATH, options)).status).toBe(503);
  });
});
