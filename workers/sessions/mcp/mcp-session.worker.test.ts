import { evictDurableObject, listDurableObjectIds, runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import type { CreatedApiKey } from '#shared/contract/keys.ts';
import { call, callData } from '#shared/testing/call-gateway.ts';
import { ACME } from '#shared/testing/post-check.ts';
import { seedDatabase } from '#shared/testing/seeded-database.ts';
import {
  begun,
  comeBack,
  connected,
  die,
  eventIn,
  headersOf,
  initialize,
  list,
  NEWEST,
  OLDER,
  objectOf,
  post,
  readerOf,
  readUntil,
  tool,
  verification,
  waitingIn,
} from './testing/mcp-bench.ts';

beforeAll(seedDatabase);

const cancelVerification = (id: string) => callData(`/api/v1/sessions/${id}/cancel`, { method: 'POST', key: ACME });

describe('a wait that was cut off', () => {
  it.each([
    ['with the newest protocol', NEWEST, {}, /^id: /m],
    ['with an older one, after a sign of life', OLDER, { _meta: { progressToken: 'p' } }, /notifications\/progress/],
  ])('ends with an error for who comes back, %s', async (_what, protocol, members, opening) => {
    const id = await begun(protocol);
    const { session_id } = await verification();
    const wait = tool('check_verification_status', { session_id, wait_seconds: 50 }, members);
    const reader = readerOf(await post(wait, headersOf(id, protocol)));
    const eventId = eventIn(await readUntil(reader, opening));
    await die(id);
    await reader.cancel().catch(() => undefined);
    // The stream ends: there is nothing more to come.
    const told = await (await comeBack(id, eventId, protocol)).text();
    expect(told).toContain('"id":"the call"');
    expect(told).toContain('call the tool again');
  });

  it('goes on for who comes back to an object that still works on it', async () => {
    const id = await begun();
    const { session_id } = await verification();
    const wait = tool('check_verification_status', { session_id, wait_seconds: 20 });
    const reader = readerOf(await post(wait, headersOf(id)));
    const eventId = eventIn(await readUntil(reader, /^id: /m));
    await reader.cancel();
    const again = await comeBack(id, eventId);
    await cancelVerification(session_id);
    expect(await again.text()).toContain('"status":"cancelled"');
  });

  it('is taken up again by the client of the SDK by itself', async () => {
    let cuts = 0;
    const { client, ask, asked } = await connected({
      through: async (response, body) => {
        if (!body.includes('wait_seconds')) return response;
        cuts += 1;
        const reader = readerOf(response);
        const opening = await readUntil(reader, /^id: .*\n\n/ms);
        await reader.cancel();
        return new Response(opening, response);
      },
    });
    const { session_id } = await verification();
    const waiting = ask('check_verification_status', { session_id, wait_seconds: 20 });
    await vi.waitFor(() => expect(asked.at(-1)).toMatch(/^GET after \d+ 200$/), 5000);
    await cancelVerification(session_id);
    expect((await waiting).structuredContent).toMatchObject({ status: 'cancelled', human_verified: false });
    expect(cuts).toBe(1);
    await client.close();
  });
});

describe('a call that is cancelled', () => {
  const cancelled = (requestId: string) => ({
    jsonrpc: '2.0',
    method: 'notifications/cancelled',
    params: { requestId, reason: 'enough' },
  });

  it.each([
    ['with the newest protocol', NEWEST, 1],
    ['with an older one, of whose stream nothing is known yet', OLDER, 0],
  ])('is closed at once, and is no longer waited for, %s', async (_what, protocol, waits) => {
    const id = await begun(protocol);
    const { session_id } = await verification();
    const response = await post(
      tool('check_verification_status', { session_id, wait_seconds: 50 }),
      headersOf(id, protocol),
    );
    expect(await waitingIn(id)).toHaveLength(waits);
    const startedAtMs = Date.now();
    expect((await post(cancelled('the call'), headersOf(id, protocol))).status).toBe(202);
    const sent = await response.text();
    expect(Date.now() - startedAtMs).toBeLessThan(5000);
    expect(sent).not.toContain('"id":"the call"');
    expect(await waitingIn(id)).toEqual([]);
    // Who comes back for it finds an end, too.
    if (waits > 0) expect(await (await comeBack(id, eventIn(sent))).text()).toBe('');
  });

  it('leaves another one alone', async () => {
    const id = await begun();
    const { session_id } = await verification();
    const wait = tool('check_verification_status', { session_id, wait_seconds: 20 });
    const other = await post({ ...wait, id: 'the other' }, headersOf(id));
    const response = await post(wait, headersOf(id));
    await post(cancelled('the call'), headersOf(id));
    await post(cancelled('nobody'), headersOf(id));
    await response.text();
    expect(await waitingIn(id)).toEqual([{ request: '"the other"' }]);
    await cancelVerification(session_id);
    expect(await other.text()).toContain('"status":"cancelled"');
  });

  it('by the client of the SDK ends its requests', async () => {
    const { client, transport, ask, asked } = await connected();
    const { session_id } = await verification();
    const stop = new AbortController();
    const id = transport.sessionId ?? '';
    const waiting = ask('check_verification_status', { session_id, wait_seconds: 50 }, { signal: stop.signal });
    await vi.waitFor(async () => expect(await waitingIn(id)).toHaveLength(1), 5000);
    const before = asked.length;
    stop.abort('the user has gone');
    await expect(waiting).rejects.toThrow('the user has gone');
    // It looks whether there is more, and learns that there is not.
    await vi.waitFor(() => expect(asked.at(-1)).toBe('GET 405'), 5000);
    expect(asked.slice(before)).toEqual(['POST 202', expect.stringMatching(/^GET after \d+ 200$/), 'GET 405']);
    expect(await waitingIn(id)).toEqual([]);
    await client.close();
  });
});

describe('what was sent', () => {
  it.each([
    ['', async () => undefined],
    [', also after an eviction', async (id: string) => evictDurableObject(await objectOf(id))],
  ])('comes again, and then the stream ends%s', async (_when, happens) => {
    const id = await begun();
    const eventId = eventIn(await (await post(list, headersOf(id))).text());
    await happens(id);
    expect(await (await comeBack(id, eventId)).text()).toContain('verify_human_presence');
  });

  it('is sealed where it lies: it may hold the link, and the secret of a callback', async () => {
    const id = await begun();
    const asked = { action_description: 'Pay', callback_url: 'https://example.com/done' };
    const sent = await (await post(tool('verify_human_presence', asked), headersOf(id))).text();
    const secret = /whsec_[\w+/=]+/.exec(sent)?.[0] ?? 'none';
    expect(secret).not.toBe('none');
    const rows = await runInDurableObject(await objectOf(id), (_instance, { storage }) =>
      storage.sql.exec('SELECT * FROM events').toArray(),
    );
    expect(rows.length).toBeGreaterThan(1);
    expect(JSON.stringify(rows)).not.toContain('whsec_');
    expect(JSON.stringify(rows)).not.toContain('vst_');
    expect(await (await comeBack(id, eventIn(sent))).text()).toContain(secret);
  });

  it('is forgotten after an hour, the session after a week', async () => {
    const id = await begun();
    const eventId = eventIn(await (await post(list, headersOf(id))).text());
    const object = await objectOf(id);
    const now = Date.now();
    const clock = vi.spyOn(Date, 'now');
    try {
      clock.mockReturnValue(now + 61 * 60_000);
      expect(await runDurableObjectAlarm(object)).toBe(true);
      expect((await comeBack(id, eventId)).status).toBe(400);
      expect((await post(list, headersOf(id))).status).toBe(200);
      clock.mockReturnValue(now + 8 * 24 * 60 * 60_000);
      await runDurableObjectAlarm(object);
      expect((await post(list, headersOf(id))).status).toBe(404);
    } finally {
      clock.mockRestore();
    }
  });
});

describe('a session of the protocol', () => {
  it('outlives an eviction', async () => {
    const id = await begun();
    await evictDurableObject(await objectOf(id));
    const response = await post(list, headersOf(id));
    expect([response.status, await response.text()]).toEqual([200, expect.stringContaining('verify_human_presence')]);
  });

  it('has an id that is not for the client to choose', async () => {
    const response = await post(initialize(), { 'mcp-session-id': crypto.randomUUID() });
    expect(response.status).toBe(404);
  });

  it('is not begun twice, and is over once it is deleted', async () => {
    const id = await begun();
    expect((await call('/mcp', { method: 'DELETE', key: ACME, headers: headersOf(id) })).status).toBe(200);
    expect((await post(initialize(), { 'mcp-session-id': id })).status).toBe(404);
    expect((await post(list, headersOf(id))).status).toBe(404);
  });

  it('is worth nothing with another key, of the same organisation even', async () => {
    const id = await begun();
    const body = { name: 'another', scopes: ['session:write', 'session:read'] };
    const { key } = await callData<CreatedApiKey>('/api/v1/keys', { method: 'POST', key: ACME, body });
    expect((await post(list, headersOf(id), key)).status).toBe(404);
    expect((await post(list, headersOf(id), 'sk-local-globex')).status).toBe(404);
  });

  it('leaves nothing behind where none began, or one is over', async () => {
    const before = await listDurableObjectIds(env.MCP_SESSION);
    expect((await post(initialize(), { accept: 'application/json' })).status).toBe(406);
    expect((await post(list, headersOf(crypto.randomUUID()))).status).toBe(404);
    const over = await begun();
    await call('/mcp', { method: 'DELETE', key: ACME, headers: headersOf(over) });
    const known = new Set(before.map(String));
    const after = (await listDurableObjectIds(env.MCP_SESSION)).filter((id) => !known.has(`${id}`));
    expect(after.length).toBeGreaterThan(0);
    for (const id of after) {
      const left = await runInDurableObject(env.MCP_SESSION.get(id), async (_instance, { storage }) => [
        await storage.getAlarm(),
        (await storage.list()).size,
        storage.sql.exec(`SELECT name FROM sqlite_master WHERE name IN ('events', 'waiting')`).toArray(),
      ]);
      expect(left).toEqual([null, 0, []]);
    }
  });
});
