import { runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { decodeJwt } from 'jose';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { CreatedSession, Session } from '#shared/contract/sessions.ts';
import { callData } from '#shared/testing/call-gateway.ts';
import { ACME } from '#shared/testing/post-check.ts';
import { seedDatabase } from '#shared/testing/seeded-database.ts';
import { createSessionServices, type SessionsEnv } from '../sessions-env.ts';
import { endOverdueSessions } from '../tend-sessions.ts';
import {
  createSession,
  makeAttempt,
  makeExpired,
  makeUntoldAttempt,
  readSession,
  readTrail,
  record,
} from './testing/run-session.ts';

const MINUTE_MS = 60_000;

beforeAll(seedDatabase);

let session: CreatedSession;

beforeEach(async () => {
  session = await createSession();
});

const set = (column: string, value: unknown, { session_id: id } = session) =>
  env.DB.prepare(`UPDATE verification_sessions SET ${column} = ? WHERE id = ?`).bind(value, id).run();
const alarmOf = ({ session_id: id } = session) =>
  runInDurableObject(env.VERIFICATION_SESSION.getByName(id), (_instance, state) => state.storage.getAlarm());

describe('the time of a session', () => {
  it('ends it by its alarm', async () => {
    await set('expires_at_ms', 1);
    expect(await readSession(session.session_id)).toMatchObject({
      state: 'expired',
      ended_at: new Date(1).toISOString(),
    });
    expect((await makeAttempt(session)).response.headers.get('x-error-code')).toBe('session_closed');
    expect(await runDurableObjectAlarm(env.VERIFICATION_SESSION.getByName(session.session_id))).toBe(true);
    const sql = 'SELECT state, ended_at_ms FROM verification_sessions WHERE id = ?';
    const row = await env.DB.prepare(sql).bind(session.session_id).first();
    expect(row).toEqual({ state: 'expired', ended_at_ms: expect.any(Number) });
    expect((await readTrail(session)).entries.at(-1)).toMatchObject({ actor: 'system', action: 'session_expired' });
    expect(await alarmOf()).toBeNull();
  });

  it('is not made longer by checks that come to nothing', async () => {
    const endsAtMs = Date.now() + MINUTE_MS;
    await set('expires_at_ms', endsAtMs);
    for (let tries = 0; tries < 2; tries++) await makeAttempt(session, { members: { crops: [] } });
    const { results } = await env.DB.prepare(
      'SELECT expires_at_ms, check_until_ms - expires_at_ms < 90000 AS soon FROM verification_sessions WHERE id = ?',
    )
      .bind(session.session_id)
      .all();
    expect(results).toEqual([{ expires_at_ms: endsAtMs, soon: 1 }]);
    expect(Date.parse((await readSession(session.session_id)).expires_at)).toBe(endsAtMs);
    // Rung too early, it waits for the check that was begun.
    await runDurableObjectAlarm(env.VERIFICATION_SESSION.getByName(session.session_id));
    expect(await readSession(session.session_id)).toMatchObject({ state: 'in_progress' });
    expect(await alarmOf()).toBeGreaterThan(endsAtMs);
  });

  it('decides in which list it is found', async () => {
    const listed = async (state: string) =>
      (await callData<{ items: Session[] }>(`/api/v1/sessions?state=${state}`, { key: ACME })).items
        .filter(({ session_id: id }) => id === session.session_id)
        .map((found) => found.state);
    expect(await listed('pending')).toEqual(['pending']);
    await set('expires_at_ms', Date.now());
    expect(await listed('pending')).toEqual([]);
    await runDurableObjectAlarm(env.VERIFICATION_SESSION.getByName(session.session_id));
    expect(await listed('expired')).toEqual(['expired']);
  });
});

describe('a verdict that the session was never told of', () => {
  it('still counts, and its proof is of the moment in which it was given', async () => {
    expect((await makeUntoldAttempt(session)).response.status).toBe(503);
    expect(await readSession(session.session_id)).toMatchObject({ state: 'in_progress', attempts: 0 });
    const judgedAtMs = Date.now() - 5 * MINUTE_MS;
    await env.DB.prepare("UPDATE verifications SET result = json_set(result, '$.created_at', ?) WHERE session_id = ?")
      .bind(new Date(judgedAtMs).toISOString(), session.session_id)
      .run();
    await makeExpired(session);
    const ended = await readSession(session.session_id);
    expect(ended).toMatchObject({ state: 'completed', verdict: 'live', attempts: 1 });
    expect(decodeJwt(ended.attestation ?? '')).toMatchObject({
      iat: Math.floor(judgedAtMs / 1000),
      exp: Math.floor(judgedAtMs / 1000) + 600,
    });
  });

  it('proves nothing any more once its proof would be over', async () => {
    await makeUntoldAttempt(session);
    await env.DB.prepare("UPDATE verifications SET result = json_set(result, '$.created_at', ?) WHERE session_id = ?")
      .bind(new Date(Date.now() - 11 * MINUTE_MS).toISOString(), session.session_id)
      .run();
    await makeExpired(session);
    expect(await readSession(session.session_id)).toMatchObject({ state: 'expired', attestation: null, attempts: 0 });
  });

  it('finds nobody to be the same person: the pictures are gone', async () => {
    const known = await createSession({ user_identifier: 'user-untold' });
    await record(known, 'consent_given');
    await makeUntoldAttempt(known);
    await makeExpired(known);
    expect(await readSession(known.session_id)).toMatchObject({
      state: 'completed',
      facemesh_comparison: { match_found: false, similarity_score: null },
    });
  });
});

describe('the look every few minutes', () => {
  const sessionsEnv = env as unknown as SessionsEnv;
  const look = () => endOverdueSessions(sessionsEnv, createSessionServices(sessionsEnv));

  it('ends what no alarm has ended, and lets nothing stand in the way of the others', async () => {
    const other = await createSession();
    // Overdue for longest, and its end cannot be written: there is no entry that could follow this one.
    await set('expires_at_ms', 1);
    await env.DB.prepare(
      `CREATE TRIGGER not_this_one BEFORE UPDATE ON verification_sessions WHEN NEW.id = '${session.session_id}' BEGIN SELECT RAISE(ABORT, 'broken'); END`,
    ).run();
    try {
      await set('expires_at_ms', 2, other);
      await look();
      expect((await readTrail(session)).entries.at(-1)).toMatchObject({ action: 'session_created' });
    } finally {
      await env.DB.prepare('DROP TRIGGER not_this_one').run();
    }
    expect((await readTrail(other)).entries.at(-1)).toMatchObject({ actor: 'system', action: 'session_expired' });
    expect(await alarmOf(other)).toBeNull();
    await look();
    expect((await readTrail(session)).entries.at(-1)).toMatchObject({ action: 'session_expired' });
  });

  it('leaves alone what is not over', async () => {
    await look();
    expect(await readSession(session.session_id)).toMatchObject({ state: 'pending', ended_at: null });
  });
});
