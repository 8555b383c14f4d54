import { DurableObject } from 'cloudflare:workers';
import { AsyncLocalStorage } from 'node:async_hooks';
import type { EventStore } from '@modelcontextprotocol/sdk/server/webStandardStreamableHttp.js';
import { WebStandardStreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/webStandardStreamableHttp.js';
import { isInitializeRequest, isJSONRPCRequest } from '@modelcontextprotocol/sdk/types.js';
import { McpCaller } from '#shared/rpc/mcp.ts';
import type { SessionsEnv } from '../sessions-env.ts';
import { createMcpServer } from './create-mcp-server.ts';
import { EventLog } from './event-log.ts';
import { rpcError } from './rpc-error.ts';
import { workerSessionPort } from './worker-session-port.ts';

const INITIALIZE = 'initialize';
/** After the last request. A client that comes later is told to begin anew. */
const IDLE_MS = 60 * 60 * 1000;
const VERSION = '1.0.0';

export interface McpRequest {
  sessionId: string;
  body: unknown;
  caller: McpCaller;
}

/**
 * One client's session with the MCP server: its name is the organisation and the session id, so the id alone is worth nothing to
 * another organisation. It may be evicted at any time; what the client was sent and has not seen lies on disk.
 */
export class McpSession extends DurableObject<SessionsEnv> {
  readonly #log: EventLog;
  /** The requests on whose behalf an event is stored. */
  readonly #requests = new AsyncLocalStorage<(string | number)[]>();
  #transport: Promise<WebStandardStreamableHTTPServerTransport> | null = null;

  constructor(ctx: DurableObjectState, env: SessionsEnv) {
    super(ctx, env);
    this.#log = new EventLog(ctx.storage.sql);
    this.#log.failWhatWaits();
  }

  async handle(request: Request, { sessionId, body, caller }: McpRequest): Promise<Response> {
    const begins = isInitializeRequest(body);
    if (!begins && (await this.ctx.storage.get(INITIALIZE)) === undefined) {
      return rpcError(404, -32001, 'Session not found');
    }
    await this.ctx.storage.setAlarm(Date.now() + IDLE_MS);
    const transport = await this.#opened(sessionId);
    const authInfo = { token: '', clientId: caller.apiKeyId, scopes: [], extra: caller };
    const options = body === undefined ? { authInfo } : { parsedBody: body, authInfo };
    const response = await this.#requests.run(requestIdsIn(body), () => transport.handleRequest(request, options));
    if (begins && response.ok) await this.ctx.storage.put(INITIALIZE, body);
    if (request.method === 'DELETE' && response.ok) await this.#forget();
    return response;
  }

  override async alarm(): Promise<void> {
    await this.#forget();
  }

  #opened(sessionId: string): Promise<WebStandardStreamableHTTPServerTransport> {
    this.#transport ??= this.#open(sessionId);
    return this.#transport;
  }

  async #open(sessionId: string): Promise<WebStandardStreamableHTTPServerTransport> {
    const transport = new WebStandardStreamableHTTPServerTransport({
      sessionIdGenerator: () => sessionId,
      eventStore: this.#eventStore(),
    });
    const server = createMcpServer({
      version: VERSION,
      portFor: ({ authInfo }) => workerSessionPort(this.env, this.ctx, McpCaller.parse(authInfo?.extra)),
      nowMs: () => Date.now(),
    });
    await server.connect(transport);
    const before = await this.ctx.storage.get(INITIALIZE);
    // Evicted since: what the client said when it began is said again, and the answer to it is nobody's.
    if (before !== undefined)
      await (await transport.handleRequest(initializeAgain(), { parsedBody: before })).body?.cancel();
    return transport;
  }

  #eventStore(): EventStore {
    return {
      storeEvent: async (stream, message) => {
        const requests = this.#requests.getStore();
        // The first event of a stream comes while its requests are taken in.
        if (requests !== undefined && Object.keys(message).length === 0) this.#log.expectAnswers(stream, requests);
        return await this.#log.storeEvent(stream, message);
      },
      getStreamIdForEventId: (eventId) => this.#log.getStreamIdForEventId(eventId),
      replayEventsAfter: (lastEventId, { send }) => this.#log.replayEventsAfter(lastEventId, { send }),
    };
  }

  async #forget(): Promise<void> {
    this.#transport = null;
    await this.ctx.storage.deleteAll();
  }
}

function initializeAgain(): Request {
  return new Request('https://mcp.invalid/mcp', {
    method: 'POST',
    headers: { accept: 'application/json, text/event-stream', 'content-type': 'application/json' },
  });
}

function requestIdsIn(body: unknown): (string | number)[] {
  const messages = Array.isArray(body) ? body : [body];
  return messages.flatMap((message) => (isJSONRPCRequest(message) ? [message.id] : []));
}
