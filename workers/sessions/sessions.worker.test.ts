import { runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { createLocalJWKSet, jwtVerify } from 'jose';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { CreatedSession, Session } from '#shared/contract/sessions.ts';
import { call, callData, callJson } from '#shared/testing/call-gateway.ts';
import { ACME, crops, PATHS, postCheck } from '#shared/testing/post-check.ts';
import { seedDatabase } from '#shared/testing/seeded-database.ts';
import { JUDGEMENT, stubInference } from '#shared/testing/stub-inference.ts';
import { hashOfAuditEntry } from './session/audit-entry.ts';

beforeAll(seedDatabase);

const ACTION = 'Transfer 2,400 euros to Ana Ruiz';
let session: CreatedSession;

beforeEach(async () => {
  session = await created();
});

function created(members: Record<string, unknown> = {}, key = ACME): Promise<CreatedSession> {
  const body = { action_description: ACTION, ...members };
  return callData('/api/v1/sessions', { method: 'POST', key, body });
}

const read = (key = ACME, id = session.session_id) => callData<Session>(`/api/v1/sessions/${id}`, { key });
const record = (event: string, { token, session_id }: CreatedSession = session, details?: unknown) =>
  callJson(`/api/v1/sessions/${session_id}/audit`, { method: 'PATCH', key: token, body: { event, details } });

interface Attempt {
  attempt?: number;
  verdict?: 'live' | 'fake';
  what?: string;
  of?: CreatedSession;
  members?: Record<string, unknown>;
}

/** The person's attempt, in front of an inference Worker that says what it is told to. */
function attempt({ attempt: n = 1, verdict = 'live', what = `try ${n}`, of = session, members = {} }: Attempt = {}) {
  const judge = async () => ({
    ok: true as const,
    judgement: { ...JUDGEMENT, realScore: verdict === 'live' ? 0.95 : 0.05 },
  });
  const inference = stubInference({ judge });
  const body = { session_id: of.session_id, attempt: n, source: 'live', crops: crops(10, what), ...members };
  return postCheck(body, { key: of.token, inference }, PATHS.crops);
}

interface Trail {
  entries: { sequence: number; at: string; actor: string; action: string; hash: string; previous_hash: string }[];
}
const trail = (id = session.session_id) => callData<Trail>(`/api/v1/sessions/${id}/audit`, { key: ACME });

describe('a session that goes well', () => {
  it('leads from the link to an attestation that anybody can verify', async () => {
    expect(session).toMatchObject({ state: 'pending', model: 'mixed-10-v2', frame_count: 10, callback_secret: null });
    expect(session.verification_url).toBe(
      `https://api.example.test/verify/${session.session_id}#token=${session.token}`,
    );
    expect((await record('capture_started')).body.data).toMatchObject({ state: 'in_progress' });
    const { body } = await attempt();
    expect(body.data).toMatchObject({ verdict: 'live', session_id: session.session_id, model: 'mixed-10-v2' });

    const done = await read();
    expect(done).toMatchObject({ state: 'completed', verdict: 'live', attempts: 1, facemesh_comparison: null });
    const keys = await (await call('/.well-known/jwks.json')).json<Parameters<typeof createLocalJWKSet>[0]>();
    const { payload } = await jwtVerify(done.attestation ?? '', createLocalJWKSet(keys), {
      issuer: 'https://api.example.test',
      audience: 'acme',
      algorithms: ['ES256'],
    });
    expect(payload).toMatchObject({
      verdict: 'live',
      action: ACTION,
      session_id: session.session_id,
      confidence: 0.95,
    });
    expect((payload.exp ?? 0) - (payload.iat ?? 0)).toBe(600);
  });

  it('has an audit trail that is complete, in order and chained', async () => {
    await record('page_opened');
    await record('capture_started');
    await attempt({ verdict: 'fake' });
    await attempt({ attempt: 2 });
    const { entries } = await trail();
    expect(entries.map(({ actor, action }) => [actor.split(':')[0], action])).toEqual([
      ['key', 'session_created'],
      ['person', 'page_opened'],
      ['person', 'capture_started'],
      ['system', 'session_started'],
      ['person', 'check_begun'],
      ['person', 'attempt_judged'],
      ['person', 'check_begun'],
      ['person', 'attempt_judged'],
      ['system', 'session_completed'],
    ]);
    const rows = await env.DB.prepare('SELECT * FROM session_events WHERE session_id = ? ORDER BY sequence')
      .bind(session.session_id)
      .all<Record<string, string>>();
    for (const [place, row] of rows.results.entries()) {
      const {
        details,
        client,
        created_at_ms,
        sequence,
        session_id = '',
        actor = '',
        action = '',
        previous_hash = '',
      } = row;
      const hash = await hashOfAuditEntry({
        sessionId: session_id,
        sequence: Number(sequence),
        createdAtMs: Number(created_at_ms),
        actor,
        action,
        details: details ? JSON.parse(details) : null,
        client: client ? JSON.parse(client) : null,
        previousHash: previous_hash,
      });
      expect(hash).toBe(row.hash);
      if (place > 0) expect(previous_hash).toBe(rows.results[place - 1]?.hash);
    }
  });

  it('cannot be rewritten, nor can its trail be cut', async () => {
    for (const sql of ['UPDATE session_events SET actor = ?', 'DELETE FROM session_events WHERE ? IS NOT NULL']) {
      await expect(env.DB.prepare(sql).bind('nobody').run()).rejects.toThrow('append-only');
    }
  });

  it('costs what its checks cost, and nothing twice', async () => {
    const balance = async () => (await callData<{ balance: number }>('/api/v1/credits', { key: ACME })).balance;
    const before = await balance();
    const first = await attempt({ verdict: 'fake' });
    const again = await attempt({ verdict: 'fake' });
    expect(again.body.data).toEqual(first.body.data);
    expect(again.response.headers.get('idempotency-replayed')).toBe('true');
    expect(await balance()).toBe(before - 1);
    expect(await read()).toMatchObject({ state: 'in_progress', attempts: 1, verdict: 'fake', attestation: null });
  });
});

describe('a session that does not', () => {
  it('fails when no attempt is left, and has no attestation', async () => {
    const strict = await created({ max_attempts: 2 });
    await attempt({ of: strict, verdict: 'fake' });
    await attempt({ of: strict, verdict: 'fake', attempt: 2 });
    const failed = await read(ACME, strict.session_id);
    expect(failed).toMatchObject({ state: 'failed', failure_reason: 'not_live', attempts: 2, attestation: null });
    const third = await attempt({ of: strict, attempt: 2, what: 'something else' });
    expect(third.response.headers.get('x-error-code')).toBe('session_conflict');
  });

  it('is closed once it is cancelled, and stays so', async () => {
    const cancel = () => callJson(`/api/v1/sessions/${session.session_id}/cancel`, { method: 'POST', key: ACME });
    expect((await cancel()).body.data).toMatchObject({ state: 'cancelled' });
    expect((await cancel()).body.data).toMatchObject({ state: 'cancelled' });
    const { response } = await attempt();
    expect([response.status, response.headers.get('x-error-code')]).toEqual([409, 'session_closed']);
    expect(await read()).toMatchObject({ state: 'cancelled', attestation: null });
  });

  it('ends by its alarm when its time is over', async () => {
    const object = env.VERIFICATION_SESSION.getByName(session.session_id);
    await env.DB.prepare('UPDATE verification_sessions SET expires_at_ms = 1 WHERE id = ?')
      .bind(session.session_id)
      .run();
    expect(await read()).toMatchObject({ state: 'expired' });
    const { response } = await attempt();
    expect(response.headers.get('x-error-code')).toBe('session_closed');
    expect(await runDurableObjectAlarm(object)).toBe(true);
    const row = await env.DB.prepare('SELECT state, ended_at_ms FROM verification_sessions WHERE id = ?')
      .bind(session.session_id)
      .first();
    expect(row).toEqual({ state: 'expired', ended_at_ms: expect.any(Number) });
    expect((await trail()).entries.at(-1)).toMatchObject({ actor: 'system', action: 'session_expired' });
    expect(await runInDurableObject(object, (_instance, state) => state.storage.getAlarm())).toBeNull();
  });

  it('still counts a verdict that it was never told of', async () => {
    const deaf = {
      ...(env as unknown as { SESSIONS: object }).SESSIONS,
      openToken: (token: string) => env.SESSIONS.openToken(token),
      admit: (request: Parameters<typeof env.SESSIONS.admit>[0]) => env.SESSIONS.admit(request),
      settle: async () => ({ ok: false, refusal: { reason: 'unavailable' } }) as const,
    };
    const body = { session_id: session.session_id, crops: crops(10) };
    const lost = await callJson(PATHS.crops, {
      method: 'POST',
      key: session.token,
      body,
      env: { INFERENCE: stubInference().service, SESSIONS: deaf as never },
    });
    expect(lost.response.status).toBe(503);
    expect(await read()).toMatchObject({ state: 'in_progress', attempts: 0 });
    await env.DB.prepare('UPDATE verification_sessions SET expires_at_ms = 1 WHERE id = ?')
      .bind(session.session_id)
      .run();
    await runDurableObjectAlarm(env.VERIFICATION_SESSION.getByName(session.session_id));
    expect(await read()).toMatchObject({ state: 'completed', verdict: 'live', attempts: 1 });
  });
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
    const other = await created();
    for (const [path, init] of [
      [`/api/v1/sessions/${other.session_id}`, {}],
      [`/api/v1/sessions/${other.session_id}/audit`, { method: 'PATCH', body: { event: 'page_opened' } }],
      [`/api/v1/sessions/${other.session_id}/client-time`, { method: 'PATCH', body: { client_time: 1 } }],
    ] as const) {
      const { response } = await callJson(path, { ...init, key: session.token });
      expect([path, response.headers.get('x-error-code')]).toEqual([path, 'session_token_mismatch']);
    }
    const crossed = await attempt({ of: { ...session, session_id: other.session_id } });
    expect(crossed.response.headers.get('x-error-code')).toBe('session_token_mismatch');
    expect(await read(ACME, other.session_id)).toMatchObject({ state: 'pending', attempts: 0 });
  });

  it('is nothing once a character of it is another', async () => {
    const last = session.token.at(-10) === 'A' ? 'B' : 'A';
    const forged = `${session.token.slice(0, -10)}${last}${session.token.slice(-9)}`;
    for (const token of [forged, 'vst_', 'vst_e30.e30', `${session.token}.x`]) {
      const { response } = await callJson(`/api/v1/sessions/${session.session_id}`, { key: token });
      expect([token, response.status]).toEqual([token, 401]);
    }
  });

  it('is closed with the key that made it', async () => {
    const { id, key } = await callData<{ id: string; key: string }>('/api/v1/keys', {
      method: 'POST',
      key: ACME,
      body: { name: 'of an agent', scopes: ['session:write'] },
    });
    const link = await created({}, key);
    expect((await attempt({ of: link, verdict: 'fake' })).response.status).toBe(200);
    await call(`/api/v1/keys/${id}`, { method: 'DELETE', key: ACME });
    expect((await attempt({ of: link, attempt: 2 })).response.status).toBe(401);
  });

  it('tells its holder nothing that is for the organisation only', async () => {
    const link = await created({
      user_identifier: 'user-1',
      metadata: { order: 7 },
      callback_url: 'https://example.com/x',
    });
    expect(link.callback_secret).toMatch(/^whsec_/);
    await attempt({ of: link });
    expect(await read(link.token, link.session_id)).toMatchObject({
      state: 'completed',
      user_identifier: null,
      asks_consent: true,
      metadata: null,
      callback_url: null,
      attestation: null,
    });
    expect(await read(ACME, link.session_id)).toMatchObject({ user_identifier: 'user-1', metadata: { order: 7 } });
  });

  it('is of no use to another organisation, nor is the id of the session', async () => {
    const { response } = await callJson(`/api/v1/sessions/${session.session_id}`, { key: 'sk-local-globex' });
    expect(response.status).toBe(404);
  });
});

describe('an attempt', () => {
  it('comes in its turn', async () => {
    const { response, body } = await attempt({ attempt: 2 });
    expect([response.status, body.message]).toEqual([
      400,
      'attempt must be one more than the attempts that have their verdict',
    ]);
    expect((await attempt({ verdict: 'fake' })).response.status).toBe(200);
    expect((await attempt({ attempt: 4 })).response.headers.get('x-error-code')).toBe('validation_error');
  });

  it('is judged by the model of the session, whatever the body asks for', async () => {
    const high = await created({ risk_level: 'high' });
    const { body } = await attempt({ of: high, members: { model: '10' } });
    expect(body).toMatchObject({ success: false, required: 30, received: 10 });
    const enough = await attempt({ of: high, members: { model: '10', crops: crops(30) } });
    expect(enough.body.data).toMatchObject({ model: 'mixed-30-v2' });
  });

  it('of which two are sent at once is one', async () => {
    const both = await Promise.all([attempt({ verdict: 'fake' }), attempt({ verdict: 'fake' })]);
    expect(both.map(({ response }) => response.status)).toEqual([200, 200]);
    expect(await read()).toMatchObject({ attempts: 1 });
    const judged = (await trail()).entries.filter(({ action }) => action === 'attempt_judged');
    expect(judged).toHaveLength(1);
  });

  it('whose body names its number too late is refused', async () => {
    const text = JSON.stringify({ session_id: session.session_id, crops: crops(10), attempt: 2 });
    const { response, body } = await callJson(PATHS.crops, {
      method: 'POST',
      key: session.token,
      body: text,
      env: { INFERENCE: stubInference().service },
    });
    expect([response.status, body.message]).toEqual([400, 'attempt must stand before the crops']);
  });
});

describe('what is asked for', () => {
  it.each([
    [{}, 'action_description is required'],
    [{ action_description: 'x', risk_level: 'low' }, 'risk_level'],
    [{ action_description: 'x', frame_count: 11 }, 'frame_count'],
    [{ action_description: 'x', require_user_match: true }, 'user_identifier is required'],
    [{ action_description: 'x', callback_url: 'http://example.com' }, 'callback_url must start with https://'],
    [{ action_description: 'x', callback_url: 'https://10.0.0.1/' }, 'callback_url must name a public host'],
    [{ action_description: '\u202egnihton' }, 'action_description must not hold control characters'],
    [{ action_description: 'x', max_attempt: 1 }, 'max_attempt'],
  ])('is checked: %j', async (body, message) => {
    const answer = await callJson('/api/v1/sessions', { method: 'POST', key: ACME, body });
    expect(answer.response.status).toBe(400);
    expect(answer.body.message).toContain(message);
  });

  it('is made once for one Idempotency-Key', async () => {
    const once = () =>
      callData<CreatedSession>('/api/v1/sessions', {
        method: 'POST',
        key: ACME,
        headers: { 'idempotency-key': 'the-same' },
        body: { action_description: ACTION },
      });
    expect(await once()).toEqual(await once());
  });

  it.each(['', 'Has-Capitals', 'a'.repeat(65)])('an audit event named %j is refused', async (event) => {
    expect((await record(event)).response.status).toBe(400);
  });
});
