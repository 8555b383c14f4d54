import { env } from 'cloudflare:workers';
import { createLocalJWKSet, jwtVerify } from 'jose';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { CreatedSession } from '#shared/contract/sessions.ts';
import { call, callData, callJson } from '#shared/testing/call-gateway.ts';
import { ACME, crops, PATHS, postCheck } from '#shared/testing/post-check.ts';
import { seedDatabase } from '#shared/testing/seeded-database.ts';
import { stubInference } from '#shared/testing/stub-inference.ts';
import {
  ACTION,
  createSession,
  makeAttempt,
  makeExpired,
  readSession,
  readTrail,
  record,
} from './session/testing/run-session.ts';

beforeAll(seedDatabase);

let session: CreatedSession;

beforeEach(async () => {
  session = await createSession();
});

describe('a session that goes well', () => {
  it('leads from the link to an attestation that anybody can verify', async () => {
    expect(session).toMatchObject({ state: 'pending', model: 'mixed-10-v2', frame_count: 10, callback_secret: null });
    expect(session.verification_url).toBe(
      `https://api.example.test/verify/${session.session_id}#token=${session.token}`,
    );
    expect((await record(session, 'capture_started')).body.data).toMatchObject({ state: 'in_progress' });
    const { body } = await makeAttempt(session);
    expect(body.data).toMatchObject({ verdict: 'live', session_id: session.session_id, model: 'mixed-10-v2' });

    const done = await readSession(session.session_id);
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

  it('costs what its checks cost, and nothing twice', async () => {
    const balance = async () => (await callData<{ balance: number }>('/api/v1/credits', { key: ACME })).balance;
    const before = await balance();
    const first = await makeAttempt(session, { verdict: 'fake' });
    const again = await makeAttempt(session, { verdict: 'fake' });
    expect(again.body.data).toEqual(first.body.data);
    expect(again.response.headers.get('idempotency-replayed')).toBe('true');
    expect(await balance()).toBe(before - 1);
    expect(await readSession(session.session_id)).toMatchObject({
      state: 'in_progress',
      attempts: 1,
      verdict: 'fake',
      attestation: null,
    });
  });
});

describe('a session that does not', () => {
  it('fails when no attempt is left, and has no attestation', async () => {
    const strict = await createSession({ max_attempts: 2 });
    await makeAttempt(strict, { verdict: 'fake' });
    await makeAttempt(strict, { verdict: 'fake', attempt: 2 });
    const failed = await readSession(strict.session_id);
    expect(failed).toMatchObject({ state: 'failed', failure_reason: 'not_live', attempts: 2, attestation: null });
    const third = await makeAttempt(strict, { attempt: 2, what: 'something else' });
    expect(third.response.headers.get('x-error-code')).toBe('session_conflict');
  });

  it('is closed once it is cancelled, and stays so', async () => {
    const cancel = () => callJson(`/api/v1/sessions/${session.session_id}/cancel`, { method: 'POST', key: ACME });
    expect((await cancel()).body.data).toMatchObject({ state: 'cancelled' });
    expect((await cancel()).body.data).toMatchObject({ state: 'cancelled' });
    const { response } = await makeAttempt(session);
    expect([response.status, response.headers.get('x-error-code')]).toEqual([409, 'session_closed']);
    expect(await readSession(session.session_id)).toMatchObject({ state: 'cancelled', attestation: null });
  });
});

describe('an attempt', () => {
  it('comes in its turn', async () => {
    const { response, body } = await makeAttempt(session, { attempt: 2 });
    expect([response.status, body.message]).toEqual([
      400,
      'attempt must be one more than the attempts that have their verdict',
    ]);
    expect((await makeAttempt(session, { verdict: 'fake' })).response.status).toBe(200);
    expect((await makeAttempt(session, { attempt: 4 })).response.headers.get('x-error-code')).toBe('validation_error');
  });

  it('is judged by the model of the session, whatever the body asks for', async () => {
    const high = await createSession({ risk_level: 'high' });
    const { body } = await makeAttempt(high, { members: { model: '10' } });
    expect(body).toMatchObject({ success: false, required: 30, received: 10 });
    const enough = await makeAttempt(high, { members: { model: '10', crops: crops(30) } });
    expect(enough.body.data).toMatchObject({ model: 'mixed-30-v2' });
  });

  it('is of the person with the link: a key that checks under the id of the session takes no place of it', async () => {
    const inference = stubInference();
    const stranger = { session_id: session.session_id, source: 'live', crops: crops(10, 'stranger') };
    expect((await postCheck(stranger, { key: ACME, inference }, PATHS.crops)).body.data).toMatchObject({
      verdict: 'live',
    });
    expect((await makeAttempt(session, { verdict: 'fake' })).body.data).toMatchObject({ verdict: 'fake' });
    await makeExpired(session);
    expect(await readSession(session.session_id)).toMatchObject({ state: 'expired', attempts: 1, attestation: null });
  });

  it('of who must be the same person needs their consent, and pictures to compare', async () => {
    const strict = await createSession({ user_identifier: 'user-strict', require_user_match: true });
    const { response } = await makeAttempt(strict);
    expect([response.status, response.headers.get('x-error-code')]).toEqual([409, 'consent_required']);
    const loose = await createSession({ user_identifier: 'user-loose' });
    const { session_id: sessionId } = loose;
    await record(loose, 'consent_given');
    // As when the person agrees while the check is under way: the gateway has kept no picture then.
    const settled = await env.SESSIONS.settle({
      organisationId:
        (await env.DB.prepare("SELECT id FROM organisations WHERE slug = 'acme'").first<string>('id')) ?? '',
      sessionId,
      attempt: 1,
      result: { verdict: 'live', confidence: 0.9, warning: null },
      crops: [],
    });
    expect(settled.ok).toBe(true);
    expect(await readSession(sessionId)).toMatchObject({
      state: 'completed',
      facemesh_comparison: { match_found: false, similarity_score: null },
    });
  });

  it('is found under the id of its session, whichever it is', async () => {
    await makeAttempt(session, { verdict: 'fake' });
    const { body } = await makeAttempt(session, { attempt: 2 });
    expect(body.data).toMatchObject({ session_id: session.session_id, verdict: 'live' });
    const path = `/api/v1/sessions/${session.session_id}/client-time`;
    await callData(path, { method: 'PATCH', key: session.token, body: { client_time: 4321 } });
    const rows = await env.DB.prepare(
      'SELECT operation, client_time_ms FROM verifications WHERE session_id = ? ORDER BY 1',
    )
      .bind(session.session_id)
      .all();
    expect(rows.results).toEqual([
      { operation: 'sessionAttempt:1', client_time_ms: null },
      { operation: 'sessionAttempt:2', client_time_ms: 4321 },
    ]);
    const verdict = await callData(`/api/v1/verifications/${session.session_id}`, { key: ACME });
    expect(verdict).toMatchObject({ verdict: 'live' });
  });

  it('of which two are sent at once is one', async () => {
    const both = await Promise.all([
      makeAttempt(session, { verdict: 'fake' }),
      makeAttempt(session, { verdict: 'fake' }),
    ]);
    expect(both.map(({ response }) => response.status)).toEqual([200, 200]);
    expect(await readSession(session.session_id)).toMatchObject({ attempts: 1 });
    const judged = (await readTrail(session)).entries.filter(({ action }) => action === 'attempt_judged');
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
});
