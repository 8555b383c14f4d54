import { runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import type { CallToolResult } from '@modelcontextprotocol/sdk/types.js';
import { sha256Hex } from '#shared/lib/hash.ts';
import { call, callData } from '#shared/testing/call-gateway.ts';
import { ACME } from '#shared/testing/post-check.ts';

export const NEWEST = '2025-11-25';
/** Of before streams began with an event of their own. */
export const OLDER = '2025-06-18';
const ACCEPT = 'application/json, text/event-stream';

export const initialize = (protocolVersion = NEWEST) => ({
  jsonrpc: '2.0',
  id: 1,
  method: 'initialize',
  params: { protocolVersion, capabilities: {}, clientInfo: { name: 'raw', version: '1' } },
});
export const list = { jsonrpc: '2.0', id: 2, method: 'tools/list' };
export const tool = (name: string, args: object, members: object = {}) => ({
  jsonrpc: '2.0',
  id: 'the call',
  method: 'tools/call',
  params: { name, arguments: args, ...members },
});

export const post = (body: unknown, headers: Record<string, string> = {}, key = ACME) =>
  call('/mcp', { method: 'POST', key, body, headers: { accept: ACCEPT, ...headers } });
export const headersOf = (id: string, protocol = NEWEST) => ({
  'mcp-session-id': id,
  'mcp-protocol-version': protocol,
});
export const comeBack = (id: string, eventId: string, protocol = NEWEST) =>
  call('/mcp', {
    key: ACME,
    headers: { accept: 'text/event-stream', 'last-event-id': eventId, ...headersOf(id, protocol) },
  });

/** The id of a session that has begun. */
export async function begun(protocol = NEWEST): Promise<string> {
  const response = await post(initialize(protocol));
  await response.text();
  return response.headers.get('mcp-session-id') ?? '';
}

/** The object that keeps the session. */
export async function objectOf(id: string) {
  const sql = `SELECT organisation_id || ':' || id AS name FROM api_keys WHERE key_hash = ?`;
  const name = await env.DB.prepare(sql)
    .bind(await sha256Hex(ACME))
    .first<string>('name');
  return env.MCP_SESSION.getByName(`${name}:${id}`);
}

/** As when the machine dies: an eviction would wait for what goes on. */
export async function die(id: string): Promise<void> {
  await runInDurableObject(await objectOf(id), (_instance, state) => state.abort('died')).catch(() => undefined);
}

/** For whose answers the session has a place kept. */
export async function waitingIn(id: string): Promise<unknown[]> {
  return await runInDurableObject(await objectOf(id), (_instance, { storage }) =>
    storage.sql.exec('SELECT request FROM waiting').toArray(),
  );
}

export const verification = () =>
  callData<{ session_id: string }>('/api/v1/sessions', {
    method: 'POST',
    key: ACME,
    body: { action_description: 'x' },
  });

/** What comes of a stream until it has this in it. */
export async function readUntil(reader: ReadableStreamDefaultReader<Uint8Array>, wanted: RegExp): Promise<string> {
  const decoder = new TextDecoder();
  for (let text = ''; ; ) {
    const part = await reader.read();
    text += decoder.decode(part.value, { stream: true });
    if (wanted.test(text) || part.done) return text;
  }
}

export function readerOf(response: Response): ReadableStreamDefaultReader<Uint8Array> {
  if (response.body === null) throw new Error(`no body with ${response.status}`);
  return response.body.getReader();
}

export const eventIn = (text: string) => /(?<=^id: )\d+/m.exec(text)?.[0] ?? '';

interface ClientOptions {
  key?: string;
  headers?: Record<string, string>;
  /** What comes of an answer on its way to the client. */
  through?: (response: Response, body: string) => Promise<Response>;
}

/** The SDK's own client, through the gateway, and each request that it made with what was answered. */
export async function connected({ key = ACME, headers: sent = {}, through }: ClientOptions = {}) {
  const asked: string[] = [];
  const errors: string[] = [];
  const transport = new StreamableHTTPClientTransport(new URL('https://api.example.test/mcp'), {
    requestInit: { headers: { authorization: `Bearer ${key}` } },
    reconnectionOptions: {
      initialReconnectionDelay: 10,
      maxReconnectionDelay: 10,
      reconnectionDelayGrowFactor: 1,
      maxRetries: 2,
    },
    fetch: async (_url, init) => {
      const method = init?.method ?? 'GET';
      const headers = { ...Object.fromEntries(new Headers(init?.headers)), ...sent };
      const response = await call('/mcp', { method, headers, ...(init?.body && { body: init.body }) });
      const eventId = new Headers(init?.headers).get('last-event-id');
      asked.push([method, eventId && `after ${eventId}`, response.status].filter(Boolean).join(' '));
      return through === undefined ? response : await through(response, String(init?.body));
    },
  });
  const client = new Client({ name: 'test', version: '1.0.0' });
  client.onerror = ({ message }) => errors.push(message);
  // The declarations of the SDK do not follow `exactOptionalPropertyTypes`.
  await client.connect(transport as Parameters<Client['connect']>[0]);
  const ask = async (name: string, args: Record<string, unknown>, options: { signal?: AbortSignal } = {}) =>
    (await client.callTool({ name, arguments: args }, undefined, options)) as CallToolResult & {
      structuredContent: Record<string, string>;
    };
  return { client, transport, ask, asked, errors };
}
