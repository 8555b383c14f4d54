import { listDurableObjectIds, runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import type { CreatedApiKey } from '#shared/contract/keys.ts';
import { sha256Hex } from '#shared/lib/hash.ts';
import { call, callData } from '#shared/testing/call-gateway.ts';
import { ACME } from '#shared/testing/post-check.ts';
import { seedDatabase } from '#shared/testing/seeded-database.ts';

beforeAll(seedDatabase);

const NEWEST = '2025-11-25';
/** Of before streams began with an event of their own. */
const OLDER = '2025-06-18';
const ACCEPT = 'application/json, text/event-stream';

const initialize = (protocolVersion = NEWEST) => ({
  jsonrpc: '2.0',
  id: 1,
  method: 'initialize',
  params: { protocolVersion, capabilities: {}, clientInfo: { name: 'raw', version: '1' } },
});
const list = { jsonrpc: '2.0', id: 2, method: 'tools/list' };
const tool = (name: string, args: object, members: object = {}) => ({
  jsonrpc: '2.0',
  id: 'the call',
  method: 'tools/call',
  params: { name, arguments: args, ...members },
});

const post = (body: unknown, headers: Record<string, string> = {}, key = ACME) =>
  call('/mcp', { method: 'POST', key, body, headers: { accept: ACCEPT, ...headers } });
const headersOf = (id: string, protocol = NEWEST) => ({ 'mcp-session-id': id, 'mcp-protocol-version': protocol });
const comeBack = (id: string, eventId: string, protocol = NEWEST) =>
  call('/mcp', {
    key: ACME,
    headers: { accept: 'text/event-stream', 'last-event-id': eventId, ...headersOf(id, protocol) },
  });

async function begun(protocol = NEWEST): Promise<string> {
  const response = await post(initialize(protocol));
  await response.text();
  return response.headers.get('mcp-session-id') ?? '';
}

/** The object that keeps the session. */
async function objectOf(id: string) {
  const sql = `SELECT organisation_id || ':' || id AS name FROM api_keys WHERE key_hash = ?`;
  const name = await env.DB.prepare(sql)
    .bind(await sha256Hex(ACME))
    .first<string>('name');
  return env.MCP_SESSION.getByName(`${name}:${id}`);
}

const verification = () =>
  callData<{ session_id: string }>('/api/v1/sessions', {
    method: 'POST',
    key: ACME,
    body: { action_description: 'x' },
  });

/** What comes of a stream until it has this in it. */
async function readUntil(reader: ReadableStreamDefaultReader<Uint8Array>, wanted: RegExp): Promise<string> {
  const decoder = new TextDecoder();
  for (let text = ''; ; ) {
    const part = await reader.read();
    text += decoder.decode(part.value, { stream: true });
    if (wanted.test(text) || part.done) return text;
  }
}

function readerOf(response: Response): ReadableStreamDefaultReader<Uint8Array> {
  if (response.body === null) throw new Error(`no body with ${response.status}`);
  return response.body.getReader();
}

const eventIn = (text: string) => /(?<=^id: )\d+/m.exec(text)?.[0] ?? '';

/** As when the machine dies: an eviction would wait for what goes on. */
async function die(id: string): Promise<void> {
  await runInDurableObject(await objectOf(id), (_instance, state) => state.abort('died')).catch(() => undefined);
}

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
    await callData(`/api/v1/sessions/${session_id}/cancel`, { method: 'POST', key: ACME });
    expect(await again.text()).toContain('"status":"cancelled"');
  });

  it('is taken up again by the client of the SDK by itself', async () => {
    let cuts = 0;
    const asked: string[] = [];
    const transport = new StreamableHTTPClientTransport(new URL('https://api.example.test/mcp'), {
      requestInit: { headers: { authorization: `Bearer ${ACME}` } },
      reconnectionOptions: {
        initialReconnectionDelay: 10,
        maxReconnectionDelay: 10,
        reconnectionDelayGrowFactor: 1,
        maxRetries: 2,
      },
      fetch: async (_url, init) => {
        const headers = Object.fromEntries(new Headers(init?.headers));
        asked.push(`${init?.method} ${headers['last-event-id'] ?? ''}`);
        const response = await call('/mcp', {
          method: init?.method ?? 'GET',
          headers,
          ...(init?.body && { body: init.body }),
        });
        if (!String(init?.body).includes('wait_seconds')) return response;
        cuts += 1;
        const reader = readerOf(response);
        const opening = await readUntil(reader, /^id: .*\n\n/ms);
        await reader.cancel();
        return new Response(opening, response);
      },
    });
    const client = new Client({ name: 'test', version: '1.0.0' });
    // The declarations of the SDK do not follow `exactOptionalPropertyTypes`.
    await client.connect(transport as Parameters<Client['connect']>[0]);
    const { session_id } = await verification();
    const waiting = client.callTool({
      name: 'check_verification_status',
      arguments: { session_id, wait_seconds: 20 },
    });
    await vi.waitFor(() => expect(asked.at(-1)).toMatch(/^GET \d+$/), 5000);
    await callData(`/api/v1/sessions/${session_id}/cancel`, { method: 'POST', key: ACME });
    expect((await waiting).structuredContent).toMatchObject({ status: 'cancelled', human_verified: false });
    expect(cuts).toBe(1);
    await client.close();
  });
});

describe('what was sent', () => {
  it('comes again once, and then the stream ends', async () => {
    const id = await begun();
    const eventId = eventIn(await (await post(list, headersOf(id))).text());
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

describe('the id of a session', () => {
  it('is not for the client to choose', async () => {
    const response = await post(initialize(), { 'mcp-session-id': crypto.randomUUID() });
    expect(response.status).toBe(404);
  });

  it('is not good twice', async () => {
    const id = await begun();
    expect((await call('/mcp', { method: 'DELETE', key: ACME, headers: headersOf(id) })).status).toBe(200);
    expect((await post(initialize(), { 'mcp-session-id': id })).status).toBe(404);
    expect((await post(list, headersOf(id))).status).toBe(404);
  });

  it('is worth nothing with another key, of the same organisation even', async () => {
    const id = await begun();
    const { key } = await callData<CreatedApiKey>('/api/v1/keys', {
      method: 'POST',
      key: ACME,
      body: { name: 'another', scopes: ['session:write', 'session:read'] },
    });
    expect((await post(list, headersOf(id), key)).status).toBe(404);
  });
});

it('leaves nothing behind where no session began, or one is over', async () => {
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

describe('a refusal', () => {
  it('is an error of the protocol, and asks for a bearer', async () => {
    const response = await post(initialize(), {}, 'nobody');
    expect(response.status).toBe(401);
    expect(response.headers.get('www-authenticate')).toMatch(/^Bearer/);
    expect(await response.json()).toEqual({
      jsonrpc: '2.0',
      error: { code: expect.any(Number), message: 'Not authenticated', data: { code: 'invalid_key' } },
      id: null,
    });
  });

  it.each([
    ['{', {}, 400, 'invalid_json'],
    ['{}', { 'content-type': 'text/plain' }, 415, 'unsupported_media_type'],
    [`{"padding":"${'x'.repeat(65_536)}"}`, {}, 413, 'payload_too_large'],
    [list, {}, 400, 'validation_error'],
    [list, { 'mcp-session-id': crypto.randomUUID() }, 404, 'not_found'],
  ])('has its code in a header: %#', async (body, headers, status, code) => {
    const response = await post(body, headers);
    expect([response.status, response.headers.get('x-error-code')]).toEqual([status, code]);
    expect(await response.json()).toMatchObject({ jsonrpc: '2.0', error: { message: expect.any(String) }, id: null });
  });
});

describe('a page of an allowed host', () => {
  const origin = 'https://agent.example.com';

  it('may speak, and read the answer and its session', async () => {
    await callData('/api/v1/hosts', { method: 'POST', key: ACME, body: { origin } });
    const preflight = await call('/mcp', {
      method: 'OPTIONS',
      headers: { origin, 'access-control-request-method': 'POST' },
    });
    expect(preflight.headers.get('access-control-allow-origin')).toBe(origin);
    expect(preflight.headers.get('access-control-allow-headers')?.toLowerCase()).toContain('mcp-session-id');
    const response = await post(initialize(), { origin });
    expect(response.status).toBe(200);
    expect(response.headers.get('access-control-allow-origin')).toBe(origin);
    expect(response.headers.get('access-control-expose-headers')?.toLowerCase()).toContain('mcp-session-id');
  });

  it('of another organisation may not', async () => {
    const response = await post(initialize(), { origin }, 'sk-local-globex');
    expect([response.status, response.headers.get('access-control-allow-origin')]).toEqual([403, null]);
  });
});
