import { WorkerEntrypoint } from 'cloudflare:workers';
import { isInitializeRequest } from '@modelcontextprotocol/sdk/types.js';
import { askObject } from '#shared/lib/ask-object.ts';
import { reasonOf } from '#shared/lib/reason-of.ts';
import { type McpCaller, type McpService, rpcError } from '#shared/rpc/mcp.ts';
import type { McpRequest } from './mcp/mcp-session.ts';
import { readBodyText } from './mcp/read-body-text.ts';
import type { SessionsEnv } from './sessions-env.ts';

const SESSION_HEADER = 'mcp-session-id';
/** What the protocol reads. The rest is not handed on; the key is in it. */
const HEADERS = ['accept', 'content-type', SESSION_HEADER, 'mcp-protocol-version', 'last-event-id'];
const MOST_BODY_BYTES = 64 * 1024;

/** The MCP server over streamable HTTP, for callers whom the gateway has let in. Finds the session that a request belongs to. */
export class Mcp extends WorkerEntrypoint<SessionsEnv> implements McpService {
  async handle(request: Request, caller: McpCaller): Promise<Response> {
    try {
      return await this.#handle(request, caller);
    } catch (error) {
      console.error(JSON.stringify({ level: 'error', event: 'mcp_unavailable', reason: reasonOf(error) }));
      return rpcError('service_unavailable', 'The service is unavailable for the moment', { 'retry-after': '5' });
    }
  }

  async #handle(request: Request, caller: McpCaller): Promise<Response> {
    // A stream for what the server says by itself, and that is nothing: open, it would keep the object awake.
    if (request.method === 'GET' && !request.headers.get('last-event-id')) {
      return rpcError('method_not_allowed', 'GET needs Last-Event-ID', { allow: 'POST, DELETE' });
    }
    const given = request.headers.get(SESSION_HEADER);
    if (given !== null && !/^[0-9a-f-]{36}$/.test(given)) return rpcError('not_found', 'Session not found');
    const body = request.method === 'POST' ? await readMessage(request) : undefined;
    if (body instanceof Response) return body;
    if (given !== null) return await this.#ask(request, { sessionId: given, begins: false, body, caller });
    if (!isInitializeRequest(body)) return rpcError('validation_error', 'Mcp-Session-Id is required');
    return await this.#ask(request, { sessionId: crypto.randomUUID(), begins: true, body, caller });
  }

  async #ask({ method, headers, url }: Request, asked: McpRequest): Promise<Response> {
    const { organisationId, apiKeyId } = asked.caller;
    const known = HEADERS.flatMap((name) => {
      const value = headers.get(name);
      return value === null ? [] : [[name, value]];
    });
    return await askObject(
      () => this.env.MCP_SESSION.getByName(`${organisationId}:${apiKeyId}:${asked.sessionId}`),
      // The body has been read; what is handed on is the rest.
      (session) => session.handle(new Request(url, { method, headers: Object.fromEntries(known) }), asked),
    );
  }
}

/** What the body says, or what is wrong with it. */
async function readMessage(request: Request): Promise<unknown> {
  // First, whatever it is: the gateway still sends, and a body that is left lying holds it up.
  const text = await readBodyText(request, MOST_BODY_BYTES);
  if (text === null) return rpcError('payload_too_large', `The body must be at most ${MOST_BODY_BYTES} bytes`);
  if (!/^application\/json\b/i.test(request.headers.get('content-type') ?? '')) {
    return rpcError('unsupported_media_type', 'Content-Type must be application/json');
  }
  try {
    return JSON.parse(text);
  } catch {
    return rpcError('invalid_json', 'Parse error: Invalid JSON');
  }
}
