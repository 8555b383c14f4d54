import { env } from 'cloudflare:workers';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { CreatedSession } from '#shared/contract/sessions.ts';
import { openDatabase } from '#shared/db/database.ts';
import { sha256Hex } from '#shared/lib/hash.ts';
import { MOST_TOLD_ENTRIES } from '#shared/lib/session-trail.ts';
import { callJson } from '#shared/testing/call-gateway.ts';
import { ACME } from '#shared/testing/post-check.ts';
import { seedDatabase } from '#shared/testing/seeded-database.ts';
import { changeSession } from './change-session.ts';
import { createSession, makeAttempt, readSession, readTrail, record } from './testing/run-session.ts';

beforeAll(seedDatabase);

let session: CreatedSession;

beforeEach(async () => {
  session = await createSession();
});

const services = { database: openDatabase(env.DB), nowMs: () => Date.now(), newId: () => crypto.randomUUID() };
const told = (action: string, id = crypto.randomUUID()) => ({ id, action, details: null });
const change = (action: string, id?: string) =>
  changeSession(services, {
    sessionId: session.session_id,
    command: { kind: 'record', event: action },
    by: { actor: 'person', client: null },
    told: told(action, id),
  });

describe('the audit trail', () => {
  it('is complete, in order, and chained by what anybody can compute', async () => {
    await record(session, 'page_opened');
    await record(session, 'capture_started');
    await makeAttempt(session, { verdict: 'fake' });
    await makeAttempt(session, { attempt: 2 });
    const { entries } = await readTrail(session);
    expect(entries.map(({ actor, action }) => [actor.split(':')[0], action])).toEqual([
      ['key', 'session_created'],
      ['person', 'page_opened'],
      ['person', 'capture_started'],
      ['system', 'session_started'],
      ['person', 'check_begun'],
      ['system', 'attempt_judged'],
      ['person', 'check_begun'],
      ['system', 'attempt_judged'],
      ['system', 'session_completed'],
    ]);
    for (const [place, entry] of entries.entries()) {
      const { previous_hash: previous, sequence, at, actor, action, details, client, hash } = entry;
      const text = JSON.stringify([previous, session.session_id, sequence, at, actor, action, details, client]);
      expect(await sha256Hex(text)).toBe(hash);
      expect([sequence, previous]).toEqual([place + 1, entries[place - 1]?.hash ?? '0'.repeat(64)]);
    }
  });

  it.each([
    ['changed', 'UPDATE session_events SET actor = ?'],
    ['cut', 'DELETE FROM session_events WHERE ? IS NOT NULL'],
    [
      'replaced',
      'INSERT OR REPLACE INTO session_events SELECT id, organisation_id, session_id, sequence, ?, action, details, client, previous_hash, hash, created_at_ms FROM session_events',
    ],
  ])('cannot be %s', async (_how, sql) => {
    await expect(env.DB.prepare(sql).bind('nobody').run()).rejects.toThrow('append-only');
  });

  it('goes with its organisation', async () => {
    await env.DB.prepare(
      "INSERT INTO organisations (id, name, slug, created_at_ms) VALUES ('passing', 'P', 'passing', 0)",
    ).run();
    const sql =
      "INSERT INTO session_events (id, organisation_id, session_id, sequence, actor, action, previous_hash, hash, created_at_ms) VALUES ('e', 'passing', 's', 1, 'system', 'x', '', '', 0)";
    await env.DB.prepare(sql).run();
    await env.DB.prepare("DELETE FROM organisations WHERE id = 'passing'").run();
    expect(await env.DB.prepare("SELECT id FROM session_events WHERE id = 'e'").first()).toBeNull();
  });

  it('takes two writers at once, each in its place', async () => {
    const actions = ['one', 'two', 'three', 'four'];
    const replies = await Promise.all(actions.map((action) => change(action)));
    expect(replies.map(({ ok }) => ok)).toEqual([true, true, true, true]);
    const { entries } = await readTrail(session);
    expect(entries.map(({ sequence }) => sequence)).toEqual([1, 2, 3, 4, 5]);
    expect(
      entries
        .slice(1)
        .map(({ action }) => action)
        .toSorted(),
    ).toEqual(actions.toSorted());
  });

  it('holds once what is told again because its answer was lost', async () => {
    const id = crypto.randomUUID();
    const [first, again] = [await change('page_opened', id), await change('page_opened', id)];
    expect(again).toEqual(first);
    expect((await readTrail(session)).entries).toHaveLength(2);
  });

  it('cannot be filled up to bury something: there is an end, after which only the session itself writes', async () => {
    await env.DB.prepare('UPDATE verification_sessions SET revision = ? WHERE id = ?')
      .bind(MOST_TOLD_ENTRIES, session.session_id)
      .run();
    for (const { response, body } of [await record(session, 'page_opened'), await makeAttempt(session)]) {
      expect([response.status, response.headers.get('x-error-code')]).toEqual([409, 'session_closed']);
      expect(body.message).toContain('audit trail is full');
    }
    const path = `/api/v1/sessions/${session.session_id}/cancel`;
    expect((await callJson(path, { method: 'POST', key: ACME })).response.status).toBe(200);
    expect((await readTrail(session)).entries.at(-1)).toMatchObject({ action: 'session_cancelled' });
  });
});

describe('what is told', () => {
  it.each(['', 'Has-Capitals', 'a'.repeat(65)])('has a name that is one: not %j', async (event) => {
    expect((await record(session, event)).response.status).toBe(400);
  });

  it.each(['attempt_judged', 'check_begun', 'cancel_asked', 'session_completed', 'session_', 'attestation_reused'])(
    'by who has the link cannot be taken for the service: %s',
    async (event) => {
      const { response, body } = await record(session, event);
      expect([response.status, body.message]).toEqual([400, expect.stringMatching(/^event must not be what/)]);
      expect((await readTrail(session)).entries).toHaveLength(1);
    },
  );

  it('by the organisation may be that a proof served again', async () => {
    const path = `/api/v1/sessions/${session.session_id}/audit`;
    const body = { event: 'attestation_reused' };
    expect((await callJson(path, { method: 'PATCH', key: ACME, body })).response.status).toBe(200);
    const forged = await callJson(path, { method: 'PATCH', key: ACME, body: { event: 'attempt_judged' } });
    expect(forged.response.status).toBe(400);
  });

  it('after the end is written down, and changes nothing', async () => {
    await makeAttempt(session);
    expect((await record(session, 'capture_started')).response.status).toBe(200);
    expect(await readSession(session.session_id)).toMatchObject({ state: 'completed' });
    expect((await readTrail(session)).entries.at(-1)).toMatchObject({ action: 'capture_started' });
  });
});
