import { evictDurableObject, runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import type { CallToolResult } from '@modelcontextprotocol/sdk/types.js';
import { beforeAll, describe, expect, it } from 'vitest';
import type { CreatedApiKey } from '#shared/contract/keys.ts';
import { sha256Hex } from '#shared/lib/hash.ts';
import { call, callData, callJson } from '#shared/testing/call-gateway.ts';
import { ACME, crops, PATHS, postCheck } from '#shared/testing/post-check.ts';
import { seedDatabase } from '#shared/testing/seeded-database.ts';

beforeAll(seedDatabase);

const URL_OF_MCP = 'https://api.example.test/mcp';
const PROTOCOL = '2025-11-25';
const ACCEPT = 'application/json, text/event-stream';

/** The SDK's own client, through the gateway. */
async function connected(key = ACME) {
  const transport = new StreamableHTTPClientTransport(new URL(URL_OF_MCP), {
    requestInit: { headers: { authorization: `Bearer ${key}` } },
    fetch: async (_url, init) => {
      const headers = Object.fromEntries(new Headers(init?.headers));
      return await call('/mcp', { method: init?.method ?? 'GET', headers, ...(init?.body && { body: init.body }) });
    },
  });
  const client = new Client({ name: 'test', version: '1.0.0' });
  // The declarations of the SDK do not follow `exactOptionalPropertyTypes`.
  await client.connect(transport as Parameters<Client['connect']>[0]);
  const tool = async (name: string, args: Record<string, unknown>) =>
    (await client.callTool({ name, arguments: args })) as CallToolResult & {
      structuredContent: Record<string, string>;
    };
  return { client, transport, tool };
}

const initialize = {
  jsonrpc: '2.0',
  id: 1,
  method: 'initialize',
  params: { protocolVersion: PROTOCOL, capabilities: {}, clientInfo: { name: 'raw', version: '1' } },
};
const post = (body: unknown, headers: Record<string, string> = {}, key = ACME) =>
  call('/mcp', { method: 'POST', key, body, headers: { accept: ACCEPT, ...headers } });

/** The id of a session that has begun. */
async function begun(): Promise<string> {
  const response = await post(initialize);
  await response.text();
  return response.headers.get('mcp-session-id') ?? '';
}

describe('an agent', () => {
  it('asks, is told to wait, and gets the attestation once the person has confirmed', async () => {
    const { client, tool } = await connected();
    const asked = await tool('verify_human_presence', { action_description: 'Pay Ana 2,400 euros' });
    const { verification_url: link = '', session_id: id = '' } = asked.structuredContent;
    expect((await tool('check_verification_status', { session_id: id })).structuredContent).toMatchObject({
      status: 'pending',
      human_verified: false,
    });
    const waiting = tool('check_verification_status', { session_id: id, wait_seconds: 20 });
    const token = new URL(link).hash.slice('#token='.length);
    const body = { session_id: id, attempt: 1, source: 'live', crops: crops(10) };
    expect((await postCheck(body, { key: token }, PATHS.crops)).body.data).toMatchObject({ verdict: 'live' });
    await waiting;
    const done = await tool('check_verification_status', { session_id: id });
    expect(done.structuredContent).toMatchObject({ status: 'completed', human_verified: true, verdict: 'live' });
    expect(done.structuredContent.attestation?.split('.')).toHaveLength(3);
    await client.close();
  });

  it('may use an attestation again, and the trail says for what', async () => {
    const { client, tool } = await connected();
    const wanted = { action_description: 'First', user_identifier: 'user-9' };
    const first = (await tool('verify_human_presence', wanted)).structuredContent;
    const token = new URL(first.verification_url ?? '').hash.slice('#token='.length);
    await postCheck({ session_id: first.session_id, crops: crops(10) }, { key: token }, PATHS.crops);
    const again = { ...wanted, action_description: 'Second', reuse_within_seconds: 60 };
    expect((await tool('verify_human_presence', again)).structuredContent).toMatchObject({
      reused: true,
      session_id: first.session_id,
      action_description: 'First',
    });
    const { structuredContent: higher } = await tool('verify_human_presence', { ...again, risk_level: 'high' });
    expect(higher).toMatchObject({ reused: false });
    const trail = await callData<{ entries: { action: string; details: unknown }[] }>(
      `/api/v1/sessions/${first.session_id}/audit`,
      { key: ACME },
    );
    expect(trail.entries.at(-1)).toMatchObject({
      action: 'attestation_reused',
      details: { action_description: 'Second' },
    });
    await client.close();
  });

  it('sees no session of another organisation', async () => {
    const acme = await connected();
    const { session_id: id = '' } = (await acme.tool('verify_human_presence', { action_description: 'x' }))
      .structuredContent;
    const globex = await connected('sk-local-globex');
    expect(await globex.tool('check_verification_status', { session_id: id })).toMatchObject({ isError: true });
    await Promise.all([acme.client.close(), globex.client.close()]);
  });

  it.each(['http://example.com/x', 'https://10.0.0.1/', 'https://localhost/'])(
    'cannot have %s called back',
    async (url) => {
      const { client, tool } = await connected();
      expect(await tool('verify_human_presence', { action_description: 'x', callback_url: url })).toMatchObject({
        isError: true,
      });
      await client.close();
    },
  );
});

describe('a session of the protocol', () => {
  const list = { jsonrpc: '2.0', id: 2, method: 'tools/list' };
  const headersOf = (id: string) => ({ 'mcp-session-id': id, 'mcp-protocol-version': PROTOCOL });

  it('is worth nothing to another organisation', async () => {
    const stolen = await post(list, headersOf(await begun()), 'sk-local-globex');
    expect(stolen.status).toBe(404);
  });

  it('outlives an eviction', async () => {
    const id = await begun();
    await evictDurableObject(env.MCP_SESSION.getByName(`${await callerName()}:${id}`));
    const response = await post(list, headersOf(id));
    expect([response.status, await response.text()]).toEqual([200, expect.stringContaining('verify_human_presence')]);
  });

  it('gives what was sent to who comes back for it, also after an eviction', async () => {
    const id = await begun();
    const response = await post(list, headersOf(id));
    const sent = await response.text();
    const [first = ''] = /(?<=^id: )\d+/m.exec(sent) ?? [];
    await evictDurableObject(env.MCP_SESSION.getByName(`${await callerName()}:${id}`));
    const again = await call('/mcp', {
      key: ACME,
      headers: { accept: 'text/event-stream', 'last-event-id': first, ...headersOf(id) },
    });
    expect(await firstMessage(again)).toContain('verify_human_presence');
  });

  it('tells who waited that the wait was cut off', async () => {
    const id = await begun();
    const session = await callData<{ session_id: string }>('/api/v1/sessions', {
      method: 'POST',
      key: ACME,
      body: { action_description: 'x' },
    });
    const wait = {
      jsonrpc: '2.0',
      id: 'the wait',
      method: 'tools/call',
      params: {
        name: 'check_verification_status',
        arguments: { session_id: session.session_id, wait_seconds: 50 },
      },
    };
    const response = await post(wait, headersOf(id));
    const reader = response.body?.getReader();
    const opening = new TextDecoder().decode((await reader?.read())?.value);
    const [first = ''] = /(?<=^id: )\d+/m.exec(opening) ?? [];
    // As when the machine dies: an eviction would wait for what goes on.
    const object = env.MCP_SESSION.getByName(`${await callerName()}:${id}`);
    await runInDurableObject(object, (_instance, state) => state.abort('died')).catch(() => undefined);
    await reader?.cancel().catch(() => undefined);
    const again = await call('/mcp', {
      key: ACME,
      headers: { accept: 'text/event-stream', 'last-event-id': first, ...headersOf(id) },
    });
    const message = await firstMessage(again);
    expect(message).toContain('"id":"the wait"');
    expect(message).toContain('restarted');
  });

  it('is over once it is deleted', async () => {
    const id = await begun();
    expect((await call('/mcp', { method: 'DELETE', key: ACME, headers: headersOf(id) })).status).toBe(200);
    expect((await post(list, headersOf(id))).status).toBe(404);
  });
});

describe('who may not speak', () => {
  it.each([
    ['without a key', '', 401, 'invalid_key'],
    ['suspended', 'sk-local-suspended', 402, 'account_suspended'],
    ['without the scope', 'sk-local-acme-read', 403, 'insufficient_scope'],
  ])('%s', async (_who, key, status, code) => {
    const response = await post(initialize, {}, key);
    expect([response.status, response.headers.get('x-error-code')]).toEqual([status, code]);
  });

  it('from a page of another origin', async () => {
    const response = await post(initialize, { origin: 'https://evil.example' });
    expect([response.status, response.headers.get('x-error-code')]).toEqual([403, 'origin_not_allowed']);
    expect((await post(initialize, { origin: 'https://api.example.test' })).status).toBe(200);
  });

  it('with the link of a session', async () => {
    const { token } = await callData<{ token: string }>('/api/v1/sessions', {
      method: 'POST',
      key: ACME,
      body: { action_description: 'x' },
    });
    expect((await post(initialize, {}, token)).status).toBe(401);
  });

  it('with a key that lacks one of the two scopes', async () => {
    const { key } = await callData<CreatedApiKey>('/api/v1/keys', {
      method: 'POST',
      key: ACME,
      body: { name: 'x', scopes: ['session:write'] },
    });
    expect((await post(initialize, {}, key)).status).toBe(403);
  });
});

describe('what is no message', () => {
  it.each([
    ['no JSON', '{', {}, 400],
    ['no message', '[1]', {}, 400],
    ['of another type', '{}', { 'content-type': 'text/plain' }, 415],
    ['too long', JSON.stringify({ ...initialize, padding: 'x'.repeat(65_536) }), {}, 413],
    ['of a session that never was', initialize, { 'mcp-session-id': crypto.randomUUID() }, 404],
    ['of a session with a strange name', { jsonrpc: '2.0', id: 1, method: 'ping' }, { 'mcp-session-id': '../x' }, 404],
    ['without a session', { jsonrpc: '2.0', id: 1, method: 'ping' }, {}, 400],
    ['that wants no stream', initialize, { accept: 'application/json' }, 406],
  ])('is answered: %s', async (_what, body, headers, status) => {
    expect((await post(body, headers)).status).toBe(status);
  });

  it('nor is another method', async () => {
    const { response } = await callJson('/mcp', { method: 'PATCH', key: ACME });
    expect([response.status, response.headers.get('allow')]).toEqual([405, 'GET, POST, DELETE']);
  });
});

/** Organisation and key, as the object's name has them. */
async function callerName(): Promise<string> {
  const keyHash = await sha256Hex(ACME);
  const sql = `SELECT organisation_id || ':' || id AS name FROM api_keys WHERE key_hash = ?`;
  return (await env.DB.prepare(sql).bind(keyHash).first<string>('name')) ?? '';
}

/** Of a stream that stays open. */
async function firstMessage(response: Response): Promise<string> {
  const reader = response.body?.getReader();
  const decoder = new TextDecoder();
  for (let text = ''; ; ) {
    const part = await reader?.read();
    text += decoder.decode(part?.value);
    if (/^data: \{.*\}$/m.test(text) || part?.done !== false) {
      await reader?.cancel();
      return text;
    }
  }
}
