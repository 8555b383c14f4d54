import { beforeAll, describe, expect, it, vi } from 'vitest';
import type { CreatedApiKey } from '#shared/contract/keys.ts';
import { call, callData, callJson } from '#shared/testing/call-gateway.ts';
import { ACME, crops, PATHS, postCheck } from '#shared/testing/post-check.ts';
import { seedDatabase } from '#shared/testing/seeded-database.ts';
import { connected, initialize, list, post } from './testing/mcp-bench.ts';

beforeAll(seedDatabase);

interface Trail {
  entries: { action: string; details: unknown; client: Record<string, string> | null }[];
}
const trailOf = (id = '') => callData<Trail>(`/api/v1/sessions/${id}/audit`, { key: ACME });
const tokenIn = (link = '') => new URL(link).hash.slice('#token='.length);

describe('an agent', () => {
  it('asks, is told to wait, and gets the attestation once the person has confirmed', async () => {
    const { client, ask } = await connected();
    const asked = await ask('verify_human_presence', { action_description: 'Pay Ana 2,400 euros' });
    const { verification_url: link, session_id: id = '' } = asked.structuredContent;
    expect((await ask('check_verification_status', { session_id: id })).structuredContent).toMatchObject({
      status: 'pending',
      human_verified: false,
    });
    const waiting = ask('check_verification_status', { session_id: id, wait_seconds: 20 });
    const body = { session_id: id, attempt: 1, source: 'live', crops: crops(10) };
    expect((await postCheck(body, { key: tokenIn(link) }, PATHS.crops)).body.data).toMatchObject({ verdict: 'live' });
    // The first change that it sees: the session is begun before it is completed.
    const { status } = (await waiting).structuredContent;
    expect(['in_progress', 'completed']).toContain(status);
    const done = await ask('check_verification_status', { session_id: id });
    expect(done.structuredContent).toMatchObject({ status: 'completed', human_verified: true, verdict: 'live' });
    expect(done.structuredContent.attestation?.split('.')).toHaveLength(3);
    await client.close();
  });

  it('may use an attestation again, and the trail says for what', async () => {
    const { client, ask } = await connected();
    const wanted = { action_description: 'First', user_identifier: 'user-9' };
    const first = (await ask('verify_human_presence', wanted)).structuredContent;
    await postCheck(
      { session_id: first.session_id, crops: crops(10) },
      { key: tokenIn(first.verification_url) },
      PATHS.crops,
    );
    const again = { ...wanted, action_description: 'Second', reuse_within_seconds: 60 };
    const reused = { reused: true, session_id: first.session_id, action_description: 'First' };
    expect((await ask('verify_human_presence', again)).structuredContent).toMatchObject(reused);
    expect((await trailOf(first.session_id)).entries.at(-1)).toMatchObject({
      action: 'attestation_reused',
      details: { action_description: 'Second' },
    });
    const { structuredContent: higher } = await ask('verify_human_presence', { ...again, risk_level: 'high' });
    expect(higher).toMatchObject({ reused: false });
    await client.close();
  });

  it('is not given one from fewer frames than it names', async () => {
    const { client, ask } = await connected();
    const wanted = { action_description: 'First', user_identifier: 'user-10', frame_count: 30 };
    const first = (await ask('verify_human_presence', wanted)).structuredContent;
    await postCheck(
      { session_id: first.session_id, crops: crops(30) },
      { key: tokenIn(first.verification_url) },
      PATHS.crops,
    );
    const isReused = async (frames: { frame_count?: number }) => {
      const again = { action_description: 'Second', user_identifier: 'user-10', reuse_within_seconds: 60, ...frames };
      return (await ask('verify_human_presence', again)).structuredContent.reused;
    };
    expect([await isReused({}), await isReused({ frame_count: 10 }), await isReused({ frame_count: 30 })]).toEqual([
      true,
      true,
      true,
    ]);
    expect(await isReused({ frame_count: 60 })).toBe(false);
    await client.close();
  });

  it('leaves in the trail from where each call came, not from where the first did', async () => {
    const sent: Record<string, string> = { 'user-agent': 'one', 'cf-connecting-ip': '192.0.2.1' };
    const { client, ask } = await connected({ headers: sent });
    const idOf = async () =>
      (await ask('verify_human_presence', { action_description: 'x' })).structuredContent.session_id;
    const first = await idOf();
    Object.assign(sent, { 'user-agent': 'two', 'cf-connecting-ip': '192.0.2.2' });
    const second = await idOf();
    const clientIn = async (id?: string) => (await trailOf(id)).entries[0]?.client;
    const request_id = expect.any(String);
    expect(await clientIn(first)).toEqual({ via: 'mcp', user_agent: 'one', ip: '192.0.2.1', request_id });
    expect(await clientIn(second)).toEqual({ via: 'mcp', user_agent: 'two', ip: '192.0.2.2', request_id });
    await client.close();
  });

  it('sees no session of another organisation', async () => {
    const acme = await connected();
    const { session_id: id = '' } = (await acme.ask('verify_human_presence', { action_description: 'x' }))
      .structuredContent;
    const globex = await connected({ key: 'sk-local-globex' });
    expect(await globex.ask('check_verification_status', { session_id: id })).toMatchObject({ isError: true });
    await Promise.all([acme.client.close(), globex.client.close()]);
  });

  it('cannot have a private address called back', async () => {
    const { client, ask } = await connected();
    for (const callback_url of ['http://example.com/x', 'https://10.0.0.1/', 'https://localhost/']) {
      const refused = await ask('verify_human_presence', { action_description: 'x', callback_url });
      expect(refused).toMatchObject({ isError: true, content: [{ text: expect.stringContaining('callback_url') }] });
    }
    await client.close();
  });
});

describe('a stream for what the server says by itself', () => {
  it('is not offered, and the client of the SDK takes that well', async () => {
    const { client, ask, asked, errors } = await connected();
    await vi.waitFor(() => expect(asked).toContain('GET 405'));
    expect(await ask('verify_human_presence', { action_description: 'x' })).not.toHaveProperty('isError');
    expect([asked.filter((line) => line.startsWith('GET')), errors]).toEqual([['GET 405'], []]);
    await client.close();
  });

  it.each([{}, { 'last-event-id': '' }])('is refused before a session is looked for: %j', async (headers) => {
    const { response, body } = await callJson('/mcp', {
      key: ACME,
      headers: { accept: 'text/event-stream', 'mcp-session-id': crypto.randomUUID(), ...headers },
    });
    expect([response.status, response.headers.get('allow')]).toEqual([405, 'POST, DELETE']);
    expect(body).toMatchObject({ jsonrpc: '2.0', error: { data: { code: 'method_not_allowed' } }, id: null });
  });
});

describe('who may not speak', () => {
  const keyWith = async (scopes: string[]) =>
    (await callData<CreatedApiKey>('/api/v1/keys', { method: 'POST', key: ACME, body: { name: 'x', scopes } })).key;

  it.each([
    ['without a key', '', 401, 'invalid_key'],
    ['suspended', 'sk-local-suspended', 402, 'account_suspended'],
    ['without the scope', 'sk-local-acme-read', 403, 'insufficient_scope'],
  ])('%s', async (_who, key, status, code) => {
    const response = await post(initialize(), {}, key);
    expect([response.status, response.headers.get('x-error-code')]).toEqual([status, code]);
  });

  it('hears it in an error of the protocol, and is asked for a bearer', async () => {
    const response = await post(initialize(), {}, 'nobody');
    expect(response.status).toBe(401);
    expect(response.headers.get('www-authenticate')).toMatch(/^Bearer/);
    expect(await response.json()).toEqual({
      jsonrpc: '2.0',
      error: { code: expect.any(Number), message: 'Not authenticated', data: { code: 'invalid_key' } },
      id: null,
    });
  });

  it('with the link of a session', async () => {
    const body = { action_description: 'x' };
    const { token } = await callData<{ token: string }>('/api/v1/sessions', { method: 'POST', key: ACME, body });
    expect((await post(initialize(), {}, token)).status).toBe(401);
  });

  it('with a key that lacks one of the two scopes', async () => {
    expect((await post(initialize(), {}, await keyWith(['session:write']))).status).toBe(403);
    expect((await post(initialize(), {}, await keyWith(['session:read']))).status).toBe(403);
    expect((await post(initialize(), {}, await keyWith(['session:read', 'session:write']))).status).toBe(200);
  });
});

describe('what is no message', () => {
  const ping = { jsonrpc: '2.0', id: 1, method: 'ping' };

  it.each([
    ['no JSON', '{', {}, 400, 'invalid_json'],
    ['no message', '[1]', {}, 400, 'validation_error'],
    ['of another type', '{}', { 'content-type': 'text/plain' }, 415, 'unsupported_media_type'],
    ['too long', { ...initialize(), padding: 'x'.repeat(65_536) }, {}, 413, 'payload_too_large'],
    ['of a session that never was', list, { 'mcp-session-id': crypto.randomUUID() }, 404, 'not_found'],
    ['of a session with a strange name', ping, { 'mcp-session-id': '../x' }, 404, 'not_found'],
    ['without a session', ping, {}, 400, 'validation_error'],
    // Of the SDK, which knows no codes of ours.
    ['that wants no stream', initialize(), { accept: 'application/json' }, 406, null],
  ])('is answered: %s', async (_what, body, headers, status, code) => {
    const response = await post(body, headers);
    expect([response.status, response.headers.get('x-error-code')]).toEqual([status, code]);
    expect(await response.json()).toMatchObject({ jsonrpc: '2.0', error: { message: expect.any(String) }, id: null });
  });

  it('nor is another method', async () => {
    const { response } = await callJson('/mcp', { method: 'PATCH', key: ACME });
    expect([response.status, response.headers.get('allow')]).toEqual([405, 'GET, POST, DELETE']);
  });
});

describe('a page', () => {
  const origin = 'https://agent.example.com';

  it('of another origin may not speak, one of the service may', async () => {
    const response = await post(initialize(), { origin: 'https://evil.example' });
    expect([response.status, response.headers.get('x-error-code')]).toEqual([403, 'origin_not_allowed']);
    expect((await post(initialize(), { origin: 'https://api.example.test' })).status).toBe(200);
  });

  it('of an allowed host may speak, and read the answer and its session', async () => {
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

  it('of a host that another organisation allows may not', async () => {
    const response = await post(initialize(), { origin }, 'sk-local-globex');
    expect([response.status, response.headers.get('access-control-allow-origin')]).toEqual([403, null]);
  });
});
