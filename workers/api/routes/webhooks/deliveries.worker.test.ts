import { env } from 'cloudflare:workers';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Page } from '#shared/contract/pagination.ts';
import type { WebhookDelivery, WebhookDeliveryWithAttempts } from '#shared/contract/webhooks.ts';
import { dispatchJob } from '#shared/jobs/webhook-job.ts';
import { seedDatabase } from '#shared/testing/seeded-database.ts';
import { HOOK, happen } from '../../../sessions/webhooks/testing/webhook-bench.ts';
import { DELIVERIES, PATH, webhooksOverHttp } from '../../../sessions/webhooks/testing/webhooks-over-http.ts';

const { begin, bench, data, answer, statusOf, create, consumeAll } = webhooksOverHttp();

beforeAll(seedDatabase);
beforeEach(begin);

describe('a test event', () => {
  it('goes to its webhook alone, whatever that listens to', async () => {
    const { id } = await create({ events: ['session.failed'] });
    await create({ url: 'https://others.example.com/' });
    const delivery = await data<WebhookDelivery>(`${PATH}/${id}/test`, { method: 'POST' });
    expect(delivery).toMatchObject({ webhook_id: id, event: 'webhook.test', state: 'pending', session_id: null });
    await consumeAll();
    expect(bench().received.map(({ url }) => url)).toEqual([HOOK]);
    expect(await data<WebhookDeliveryWithAttempts>(`${DELIVERIES}/${delivery.id}`)).toMatchObject({
      state: 'delivered',
      attempts: 1,
      attempt_log: [{ status: 200, response_excerpt: 'thanks', request_excerpt: bench().received[0]?.body }],
    });
  });

  it('is sent once when the call is repeated', async () => {
    const { id } = await create();
    const headers = { 'idempotency-key': crypto.randomUUID() };
    const test = () => data<WebhookDelivery>(`${PATH}/${id}/test`, { method: 'POST', headers });
    expect((await test()).id).toBe((await test()).id);
    await consumeAll();
    expect(bench().received).toHaveLength(1);
  });

  it('is refused while the webhook is disabled', async () => {
    const { id } = await create();
    await data(`${PATH}/${id}`, { method: 'PATCH', body: { enabled: false } });
    expect(await statusOf(`${PATH}/${id}/test`, { method: 'POST' })).toBe(409);
    expect(bench().sent).toEqual([]);
  });
});

describe('a delivery', () => {
  it('is listed, of a webhook, of a state, page by page', async () => {
    const first = await create();
    const second = await create({ url: 'https://second.example.com/', events: ['session.failed'] });
    for (const event of ['session.failed', 'session.completed'] as const) {
      const { organisationId } = await happen({ event });
      await bench().consume([dispatchJob(organisationId)]);
      bench().clock.nowMs++;
    }
    bench().receiver.answer = ({ url }) => new Response('', { status: url.includes('second') ? 410 : 200 });
    await consumeAll();
    const list = async (query: string) => (await data<Page<WebhookDelivery>>(`${DELIVERIES}?${query}`)).items;
    const names = async (query: string) => (await list(query)).map(({ event, state }) => `${event} ${state}`);
    expect(await names('')).toHaveLength(3);
    expect(await names(`webhook_id=${second.id}`)).toEqual(['session.failed failed']);
    expect(await names(`webhook_id=${first.id.toUpperCase()}`)).toEqual([
      'session.completed delivered',
      'session.failed delivered',
    ]);
    expect(await names('state=failed')).toEqual(['session.failed failed']);
    expect(await names(`webhook_id=${first.id}&state=failed`)).toEqual([]);
    expect(await statusOf(`${DELIVERIES}?webhook_id=${crypto.randomUUID()}`)).toBe(404);
    expect(await statusOf(`${DELIVERIES}?state=lost`)).toBe(400);
    const page = await data<Page<WebhookDelivery>>(`${DELIVERIES}?limit=2`);
    const rest = await list(`limit=2&cursor=${page.next_cursor}`);
    expect(new Set([...page.items, ...rest].map(({ id }) => id)).size).toBe(3);
  });

  it('can be sent again when it has ended, under the same id', async () => {
    bench().receiver.answer = () => new Response('', { status: 500 });
    const { id } = await create();
    const delivery = await data<WebhookDelivery>(`${PATH}/${id}/test`, { method: 'POST' });
    const resend = () => answer(`${DELIVERIES}/${delivery.id}/resend`, { method: 'POST' });
    expect((await resend()).response.status).toBe(409);
    await consumeAll();
    expect(await data(`${DELIVERIES}/${delivery.id}`)).toMatchObject({ state: 'failed', attempts: 9 });
    bench().receiver.answer = () => new Response('ok');
    expect((await resend()).body.data).toMatchObject({ state: 'pending', attempts: 0, ended_at: null });
    await consumeAll();
    const after = await data<WebhookDeliveryWithAttempts>(`${DELIVERIES}/${delivery.id}`);
    expect([after.state, after.attempts, after.attempt_log.length]).toEqual(['delivered', 1, 10]);
    expect(new Set(bench().received.map(({ headers }) => headers['webhook-id']))).toEqual(new Set([delivery.event_id]));
    await data(`${PATH}/${id}`, { method: 'PATCH', body: { enabled: false } });
    expect((await resend()).response.status).toBe(409);
  });

  it('shows its newest hundred attempts, in the order in which they were made', async () => {
    const { id } = await create();
    const delivery = await data<WebhookDelivery>(`${PATH}/${id}/test`, { method: 'POST' });
    const sql = `INSERT INTO webhook_attempts (id, delivery_id, at_ms, status, duration_ms, request_excerpt)
      VALUES (?, ?, ?, ?, 1, '')`;
    const insert = env.DB.prepare(sql);
    const made = Array.from({ length: 102 }, (_, i) => 400 + i);
    await env.DB.batch(made.map((status) => insert.bind(crypto.randomUUID(), delivery.id, status, status)));
    const { attempt_log: log } = await data<WebhookDeliveryWithAttempts>(`${DELIVERIES}/${delivery.id}`);
    expect(log.map(({ status }) => status)).toEqual(made.slice(2));
  });
});
