import { env } from 'cloudflare:workers';
import type { CreatedSession } from '../contract/sessions.ts';
import { openDatabase } from '../db/database.ts';
import { announceEvents } from '../webhooks/announce-events.ts';
import { callData } from './call-gateway.ts';

interface Runs {
  run(id: string, variants: { path?: string; body?: unknown; headers?: Record<string, string> }[]): Promise<void>;
  database: D1Database;
}

const KEY = 'sk-local-acme';
const ONCE = { 'idempotency-key': 'sessions' };

/** Every operation on sessions, returning users and webhooks, in each form that leads to another query. */
export async function runSessions({ run, database }: Runs): Promise<void> {
  const action = { action_description: 'Sign the contract' };
  const session = await callData<CreatedSession>('/api/v1/sessions', { method: 'POST', key: KEY, body: action });
  const path = `/api/v1/sessions/${session.session_id}`;
  const cursorOf = async (list: string) =>
    (await callData<{ next_cursor: string }>(`${list}?limit=1`, { key: KEY })).next_cursor;

  const user = { ...action, user_identifier: 'user-1' };
  await run('createSession', [{ body: user }, { body: user, headers: ONCE }, { body: user, headers: ONCE }]);
  const cursor = await cursorOf('/api/v1/sessions');
  await run('listSessions', [
    {},
    { path: `/api/v1/sessions?cursor=${cursor}` },
    { path: `/api/v1/sessions?state=pending&cursor=${cursor}` },
  ]);
  await run('readSession', [{ path }]);
  await run('recordSessionAudit', [{ path: `${path}/audit`, body: { event: 'page_opened', details: { a: 1 } } }]);
  await run('readSessionAudit', [{ path: `${path}/audit` }]);
  await run('cancelSession', [{ path: `${path}/cancel` }]);
  await rememberUser(session.session_id);
  await run('readUser', [{ path: '/api/v1/users/user-1' }]);
  await run('forgetUser', [{ path: '/api/v1/users/user-1' }]);
  await announceEvents({ database: openDatabase(database), webhookJobs: env.WEBHOOK_JOBS }, 'nobody');
  await runWebhooks({ run, database }, cursorOf);
}

async function rememberUser(sessionId: string): Promise<void> {
  await env.DB.prepare(
    `INSERT INTO user_templates (id, organisation_id, user_identifier, session_id, sealed, created_at_ms)
     SELECT ?1, id, 'user-1', ?2, 'x', 0 FROM organisations WHERE slug = 'acme'`,
  )
    .bind(crypto.randomUUID(), sessionId)
    .run();
}

async function runWebhooks({ run }: Runs, cursorOf: (list: string) => Promise<string>): Promise<void> {
  const body = { url: 'https://hooks.example.com/liveness' };
  const webhook = await callData<{ id: string }>('/api/v1/webhooks', { method: 'POST', key: KEY, body });
  const path = `/api/v1/webhooks/${webhook.id}`;
  await run('createWebhook', [{ body }, { body, headers: ONCE }, { body, headers: ONCE }]);
  await run('listWebhooks', [{}, { path: `/api/v1/webhooks?cursor=${await cursorOf('/api/v1/webhooks')}` }]);
  await run('readWebhook', [{ path }]);
  await run('updateWebhook', [{ path, body: { description: 'x' } }]);
  await run('rotateWebhookSecret', [{ path: `${path}/rotate-secret` }]);
  await run('testWebhook', [{ path: `${path}/test` }]);
  const list = '/api/v1/webhooks/deliveries';
  const { items } = await callData<{ items: { id: string }[] }>(list, { key: KEY });
  await run('listWebhookDeliveries', [
    {},
    { path: `${list}?webhook_id=${webhook.id}` },
    { path: `${list}?state=pending` },
    { path: `${list}?webhook_id=${webhook.id}&state=failed` },
  ]);
  await run('readWebhookDelivery', [{ path: `${list}/${items[0]?.id}` }]);
  // Only what has ended is sent again.
  await env.DB.prepare(
    `UPDATE webhook_deliveries SET state = 'failed', ended_at_ms = 1, next_attempt_at_ms = NULL`,
  ).run();
  await run('resendWebhookDelivery', [{ path: `${list}/${items[0]?.id}/resend` }]);
  await run('deleteWebhook', [{ path }]);
}
