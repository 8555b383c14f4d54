import { DurableObject } from 'cloudflare:workers';
import { AsyncLocalStorage } from 'node:async_hooks';
import type { EventStore } from '@modelcontextprotocol/sdk/server/webStandardStreamableHttp.js';
import { WebStandardStreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/webStandardStreamableHttp.js';
import { CancelledNotificationSchema, isJSONRPCRequest } from '@modelcontextprotocol/sdk/types.js';
import { McpCaller, rpcError } from '#shared/rpc/mcp.ts';
import { readSessionDataKey } from '../session-data-key.ts';
import type { SessionsEnv } from '../sessions-env.ts';
import { createMcpServer } from './create-mcp-server.ts';
import { EventLog, type RequestId } from './event-log.ts';
import { whatIsThere } from './what-is-there.ts';
import { workerSessionPort } from './worker-session-port.ts';

const INITIALIZE = 'initialize';
const LAST_USED_MS = 'lastUsedMs';
/** So long somebody may come back for what was sent. */
const EVENTS_LAST_MS = 60 * 60 * 1000;
/** After the last request: a desktop host is left open over a weekend. A client that comes later is told to begin anew. */
const SESSION_LASTS_MS = 7 * 24 * 60 * 60 * 1000;

export interface McpRequest {
  sessionId: string;
  /** The session is new, and `body` begins it. */
  begins: boolean;
  body: unknown;
  caller: McpCaller;
}

interface Opened {
  transport: WebStandardStreamableHTTPServerTransport;
  log: EventLog;
}

/** On whose behalf events are stored: the requests of one POST. */
interface Posted {
  requests: RequestId[];
  areExpected: boolean;
}

/**
 * One client's session with the MCP server: its name is organisation, key and session id, so the id alone is worth nothing with
 * another key. It may be evicted at any time; what the client was sent and has not seen lies on disk.
 */
export class McpSession extends DurableObject<SessionsEnv> {
  readonly #posted = new AsyncLocalStorage<Posted>();
  #opened: Promise<Opened> | null = null;

  async handle(request: Request, { sessionId, begins, body, caller }: McpRequest): Promise<Response> {
    // Before anything is written: whoever guesses ids leaves nothing behind.
    if (!begins && (await this.ctx.storage.get(INITIALIZE)) === undefined) {
      return rpcError('not_found', 'Session not found');
    }
    await this.#touch();
    const { transport, log } = await this.#open(sessionId);
    const resumed = resumedStream(request, log);
    if (resumed === undefined) return rpcError('validation_error', 'Last-Event-ID is of no event that is still there');
    const authInfo = { token: '', clientId: caller.apiKeyId, scopes: [], extra: caller };
    const options = body === undefined ? { authInfo } : { parsedBody: body, authInfo };
    const posted = { requests: requestIdsIn(body), areExpected: false };
    const response = await this.#posted.run(posted, () => transport.handleRequest(request, options));
    if (begins && response.ok) await this.ctx.storage.put(INITIALIZE, body);
    if (response.ok) closeCancelled(body, { transport, log });
    const isOver = begins ? !response.ok : request.method === 'DELETE' && response.ok;
    if (isOver) await this.#forget();
    // Nothing more will come, and the SDK would hold the stream open.
    if (response.ok && resumed !== null && !log.isAwaited(resumed)) return await whatIsThere(response);
    return response;
  }

  override async alarm(): Promise<void> {
    const nowMs = Date.now();
    const lastUsedMs = (await this.ctx.storage.get<number>(LAST_USED_MS)) ?? 0;
    if (nowMs - lastUsedMs >= SESSION_LASTS_MS) return await this.#forget();
    const isEmpty = !this.#newLog().dropBefore(nowMs - EVENTS_LAST_MS);
    await this.ctx.storage.setAlarm(isEmpty ? lastUsedMs + SESSION_LASTS_MS : nowMs + EVENTS_LAST_MS);
  }

  async #touch(): Promise<void> {
    const nowMs = Date.now();
    const dueMs = nowMs + EVENTS_LAST_MS;
    await this.ctx.storage.put(LAST_USED_MS, nowMs);
    if (((await this.ctx.storage.getAlarm()) ?? Number.POSITIVE_INFINITY) > dueMs) {
      await this.ctx.storage.setAlarm(dueMs);
    }
  }

  #newLog(): EventLog {
    const { storage, id } = this.ctx;
    return new EventLog(storage.sql, { dataKey: readSessionDataKey(this.env), objectId: id.toString() });
  }

  #open(sessionId: string): Promise<Opened> {
    this.#opened ??= this.#start(sessionId).catch((error: unknown) => {
      // The next request shall try anew.
      this.#opened = null;
      throw error;
    });
    return this.#opened;
  }

  async #start(sessionId: string): Promise<Opened> {
    const log = this.#newLog();
    await log.failWhatWaits();
    const transport = new WebStandardStreamableHTTPServerTransport({
      sessionIdGenerator: () => sessionId,
      eventStore: this.#storeFor(log),
    });
    const server = createMcpServer({
      portFor: ({ authInfo }) => workerSessionPort(this.env, this.ctx, McpCaller.parse(authInfo?.extra)),
      nowMs: () => Date.now(),
    });
    await server.connect(transport);
    const before = await this.ctx.storage.get(INITIALIZE);
    // Evicted since: what the client said when it began is said again, and the answer to it is nobody's.
    if (before !== undefined) await (await transport.handleRequest(initializeAgain(), { parsedBody: before })).text();
    return { transport, log };
  }

  #storeFor(log: EventLog): EventStore {
    return {
      storeEvent: async (stream, message) => {
        const posted = this.#posted.getStore();
        // With its first event a client can come back to a stream, whatever that event is: older protocols have no opening one.
        if (posted !== undefined && !posted.areExpected) {
          posted.areExpected = true;
          log.expectAnswers(stream, posted.requests);
        }
        return await log.storeEvent(stream, message);
      },
      // No `getStreamIdForEventId`: with it, the SDK refuses who comes back while it has not noticed that the connection broke, and
      // through RPC it does not notice. Without it, the newest connection wins.
      replayEventsAfter: (lastEventId, { send }) => log.replayEventsAfter(lastEventId, { send }),
    };
  }

  async #forget(): Promise<void> {
    const opened = await this.#opened?.catch(() => null);
    this.#opened = null;
    await opened?.transport.close();
    await this.ctx.storage.deleteAll();
  }
}

/** To which stream somebody comes back; null: to none, undefined: to one that is not known. */
function resumedStream({ method, headers }: Request, log: EventLog): string | null | undefined {
  const lastEventId = headers.get('last-event-id');
  return method !== 'GET' || lastEventId === null ? null : log.streamOf(lastEventId);
}

function initializeAgain(): Request {
  return new Request('https://mcp.invalid/mcp', {
    method: 'POST',
    headers: { accept: 'application/json, text/event-stream', 'content-type': 'application/json' },
  });
}

/** A cancelled request is never answered, and the SDK would hold its stream open. */
function closeCancelled(body: unknown, { transport, log }: Opened): void {
  for (const request of cancelledIn(body)) {
    if (!log.giveUp(request)) transport.closeSSEStream(request);
  }
}

function requestIdsIn(body: unknown): RequestId[] {
  return messagesIn(body).flatMap((message) => (isJSONRPCRequest(message) ? [message.id] : []));
}

function cancelledIn(body: unknown): RequestId[] {
  return messagesIn(body).flatMap((message) => {
    const { data } = CancelledNotificationSchema.safeParse(message);
    return data?.params.requestId === undefined ? [] : [data.params.requestId];
  });
}

function messagesIn(body: unknown): unknown[] {
  return Array.isArray(body) ? body : [body];
}
