import { env } from 'cloudflare:workers';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { CreatedSession } from '#shared/contract/sessions.ts';
import { call, callData, callJson } from '#shared/testing/call-gateway.ts';
import { ACME } from '#shared/testing/post-check.ts';
import { seedDatabase } from '#shared/testing/seeded-database.ts';
import { readTokenSecret } from '../read-token-secret.ts';
import type { SessionsEnv } from '../sessions-env.ts';
import { mintSessionToken, readSessionToken } from './session-token.ts';
import { createSession, makeAttempt, readSession } from './testing/run-session.ts';

beforeAll(seedDatabase);

let session: CreatedSession;

beforeEach(async () => {
  session = await createSession();
});

describe('a verification token', () => {
  it.each([
    ['GET', '/api/v1/sessions'],
    ['POST', '/api/v1/sessions'],
    ['GET', '/api/v1/keys'],
    ['POST', '/api/v1/fast-check'],
    ['GET', '/api/v1/credits'],
    ['GET', '/api/v1/verifications'],
    ['POST', '/api/v1/webhooks'],
  ])('opens nothing else: %s %s', async (method, path) => {
    const { response } = await callJson(path, { method, key: session.token, ...(method === 'POST' && { body: {} }) });
    expect([response.status, response.headers.get('x-error-code')]).toEqual([403, 'session_token_mismatch']);
  });

  it('opens no other session, stolen or not', async () => {
    const other = await createSession();
    for (const [path, init] of [
      [`/api/v1/sessions/${other.session_id}`, {}],
      [`/api/v1/sessions/${other.session_id}/audit`, { method: 'PATCH', body: { event: 'page_opened' } }],
      [`/api/v1/sessions/${other.session_id}/client-time`, { method: 'PATCH', body: { client_time: 1 } }],
    ] as const) {
      const { response } = await callJson(path, { ...init, key: session.token });
      expect([path, response.headers.get('x-error-code')]).toEqual([path, 'session_token_mismatch']);
    }
    const crossed = await makeAttempt({ ...session, session_id: other.session_id });
    expect(crossed.response.headers.get('x-error-code')).toBe('session_token_mismatch');
    expect(await readSession(other.session_id)).toMatchObject({ state: 'pending', attempts: 0 });
  });

  it('is nothing once a character of it is another', async () => {
    const last = session.token.at(-10) === 'A' ? 'B' : 'A';
    const forged = `${session.token.slice(0, -10)}${last}${session.token.slice(-9)}`;
    for (const token of [forged, 'vst_', 'vst_e30.e30', `${session.token}.x`]) {
      const { response } = await callJson(`/api/v1/sessions/${session.session_id}`, { key: token });
      expect([token, response.status]).toEqual([token, 401]);
    }
  });

  it('is over ten minutes after its session could have been', async () => {
    const secret = readTokenSecret(env as unknown as SessionsEnv);
    const until = (expiresAtMs: number) => mintSessionToken({ sessionId: session.session_id, expiresAtMs }, secret);
    const path = `/api/v1/sessions/${session.session_id}`;
    const { response } = await callJson(path, { key: await until(Date.now() - 1) });
    expect([response.status, response.headers.get('x-error-code')]).toEqual([401, 'token_expired']);
    expect((await callJson(path, { key: await until(Date.now() + 60_000) })).response.status).toBe(200);
    const expiresAtMs = Date.parse(session.expires_at) + 10 * 60_000;
    expect(await readSessionToken(session.token, secret)).toEqual({ sessionId: session.session_id, expiresAtMs });
  });

  it('is worth nothing once its key is gone altogether', async () => {
    await env.DB.prepare('UPDATE verification_sessions SET api_key_id = NULL WHERE id = ?')
      .bind(session.session_id)
      .run();
    const { response } = await callJson(`/api/v1/sessions/${session.session_id}`, { key: session.token });
    expect(response.status).toBe(401);
    expect(await readSession(session.session_id)).toMatchObject({ state: 'pending' });
  });

  it('is closed with the key that made it', async () => {
    const { id, key } = await callData<{ id: string; key: string }>('/api/v1/keys', {
      method: 'POST',
      key: ACME,
      body: { name: 'of an agent', scopes: ['session:write'] },
    });
    const link = await createSession({}, key);
    expect((await makeAttempt(link, { verdict: 'fake' })).response.status).toBe(200);
    await call(`/api/v1/keys/${id}`, { method: 'DELETE', key: ACME });
    expect((await makeAttempt(link, { attempt: 2 })).response.status).toBe(401);
  });

  it('tells its holder nothing that is for the organisation only', async () => {
    const link = await createSession({
      user_identifier: 'user-1',
      metadata: { order: 7 },
      callback_url: 'https://example.com/x',
    });
    expect(link.callback_secret).toMatch(/^whsec_/);
    await makeAttempt(link);
    expect(await readSession(link.session_id, link.token)).toMatchObject({
      state: 'completed',
      user_identifier: null,
      asks_consent: true,
      metadata: null,
      callback_url: null,
      attestation: null,
    });
    expect(await readSession(link.session_id)).toMatchObject({ user_identifier: 'user-1', metadata: { order: 7 } });
  });

  it('is of no use to another organisation, nor is the id of the session', async () => {
    const { response } = await callJson(`/api/v1/sessions/${session.session_id}`, { key: 'sk-local-globex' });
    expect(response.status).toBe(404);
  });
});
