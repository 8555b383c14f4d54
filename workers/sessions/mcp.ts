import { WorkerEntrypoint } from 'cloudflare:workers';
import { isInitializeRequest } from '@modelcontextprotocol/sdk/types.js';
import type { McpCaller, McpService } from '#shared/rpc/mcp.ts';
import { readBodyText } from './mcp/read-body-text.ts';
import { rpcError } from './mcp/rpc-error.ts';
import type { SessionsEnv } from './sessions-env.ts';

const SESSION_HEADER = 'mcp-session-id';
const MOST_BODY_BYTES = 64 * 1024;

/** The MCP server over streamable HTTP, for callers whom the gateway has let in. Finds the session that a request belongs to. */
export class Mcp extends WorkerEntrypoint<SessionsEnv> implements McpService {
  async handle(request: Request, caller: McpCaller): Promise<Response> {
    const given = request.headers.get(SESSION_HEADER);
    if (given !== null && !/^[0-9a-f-]{36}$/.test(given)) return rpcError(404, -32001, 'Session not found');
    if (request.method !== 'POST') return await this.#ask(request, given, undefined, caller);
    if (!/^application\/json\b/i.test(request.headers.get('content-type') ?? '')) {
      return rpcError(415, -32000, 'Content-Type must be application/json');
    }
    const text = await readBodyText(request, MOST_BODY_BYTES);
    if (text === null) return rpcError(413, -32000, `The body must be at most ${MOST_BODY_BYTES} bytes`);
    const body = parsed(text);
    if (body === undefined) return rpcError(400, -32700, 'Parse error: Invalid JSON');
    const sessionId = given ?? (isInitializeRequest(body) ? crypto.randomUUID() : null);
    return await this.#ask(request, sessionId, body, caller);
  }

  async #ask(request: Request, sessionId: string | null, body: unknown, caller: McpCaller): Promise<Response> {
    if (sessionId === null) return rpcError(400, -32000, 'Mcp-Session-Id is required');
    const { method, headers, url } = request;
    const session = this.env.MCP_SESSION.getByName(`${caller.organisationId}:${sessionId}`);
    // The body has been read; what is handed on is the rest.
    return await session.handle(new Request(url, { method, headers }), { sessionId, body, caller });
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
