import { env } from 'cloudflare:workers';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { call, callData, callJson } from '#shared/testing/call-gateway.ts';
import { seedDatabase } from '#shared/testing/seeded-database.ts';
import { createApp } from '../../app.ts';
import { forgetUser } from './forget.ts';
import { readUser } from './read.ts';

const app = createApp([readUser, forgetUser]);
const key = 'sk-local-acme';
const NAME = 'user/4711 ñ';
const path = (name = NAME) => `/api/v1/users/${encodeURIComponent(name)}`;
const sessions = [crypto.randomUUID(), crypto.randomUUID()] as const;

async function remember(sessionId: string, createdAt: string, userIdentifier = NAME, slug = 'acme') {
  await env.DB.prepare(
    `INSERT INTO user_templates (id, organisation_id, user_identifier, session_id, sealed, created_at_ms)
    SELECT ?, id, ?, ?, 'a sealed face', ? FROM organisations WHERE slug = ?`,
  )
    .bind(crypto.randomUUID(), userIdentifier, sessionId, Date.parse(createdAt), slug)
    .run();
}

beforeAll(seedDatabase);
beforeEach(async () => {
  await env.DB.prepare('DELETE FROM user_templates').run();
  await remember(sessions[0], '2026-06-01T12:00:00.000Z');
  await remember(sessions[1], '2026-06-02T12:00:00.000Z');
});

describe('a user', () => {
  it('is shown as how often and since when they are remembered, never by what is remembered', async () => {
    const { body } = await callJson(path(), { key, app });
    expect(body.data).toEqual({
      user_identifier: NAME,
      template_count: 2,
      remembered_since: '2026-06-01T12:00:00.000Z',
      last_remembered_at: '2026-06-02T12:00:00.000Z',
      session_ids: [sessions[1], sessions[0]],
    });
    expect(JSON.stringify(body)).not.toContain('sealed');
  });

  it('is forgotten for good, and others are not', async () => {
    await remember(crypto.randomUUID(), '2026-06-01T12:00:00.000Z', 'user-4712');
    await remember(crypto.randomUUID(), '2026-06-01T12:00:00.000Z', NAME, 'globex');
    expect(await callData(path(), { method: 'DELETE', key, app })).toEqual({ user_identifier: NAME, erased: 2 });
    for (const method of ['GET', 'DELETE']) {
      const { response } = await callJson(path(), { method, key, app });
      expect([response.status, response.headers.get('x-error-code')]).toEqual([404, 'not_found']);
    }
    expect((await call(path('user-4712'), { key, app })).status).toBe(200);
    expect((await call(path(), { key: 'sk-local-globex', app })).status).toBe(200);
  });

  it('of another organisation is not there', async () => {
    for (const method of ['GET', 'DELETE']) {
      expect((await call(path(), { method, key: 'sk-local-globex', app })).status).toBe(404);
    }
    expect((await call(path(), { key, app })).status).toBe(200);
  });

  it.each([
    ['GET', 'session:read'],
    ['DELETE', 'session:write'],
  ])('is not for keys without the scope: %s', async (method, scope) => {
    const { response, body } = await callJson(path(), { method, key: 'sk-local-acme-read', app });
    expect([response.status, body.required_scope]).toEqual([403, scope]);
    expect((await call(path(), { key, app })).status).toBe(200);
  });

  it.each([
    ['too long', 'x'.repeat(129)],
    ['with a line break', 'user\n4711'],
  ])('has no name %s', async (_what, name) => {
    expect((await call(path(name), { key, app })).status).toBe(400);
  });
});
