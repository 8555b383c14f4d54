import { type JSONRPCMessage, JSONRPCMessageSchema } from '@modelcontextprotocol/sdk/types.js';
import { seal, unseal } from '#shared/lib/sealed.ts';

/** Far more than a stream holds; older ones are no use to anybody who comes back. */
const MOST_EVENTS = 500;

const CUT_OFF = 'The server was restarted while it waited. Nothing is lost: call the tool again.';

export type RequestId = string | number;

/**
 * What was sent to a client, so that it can come back for it: sealed, because links and secrets of callbacks are in it. And which
 * requests wait for their answer: when this object is woken by somebody who comes back, whoever was working on them is gone, and
 * they are told so instead of being left to wait.
 */
export class EventLog {
  readonly #sql: SqlStorage;
  readonly #dataKey: string;
  readonly #purpose: string;

  constructor(sql: SqlStorage, { dataKey, objectId }: { dataKey: string; objectId: string }) {
    this.#sql = sql;
    this.#dataKey = dataKey;
    this.#purpose = `mcp events ${objectId}`;
    sql.exec(`CREATE TABLE IF NOT EXISTS events
        (id INTEGER PRIMARY KEY AUTOINCREMENT, stream TEXT NOT NULL, at_ms INTEGER NOT NULL, sealed TEXT NOT NULL);
      CREATE TABLE IF NOT EXISTS waiting (request TEXT PRIMARY KEY, stream TEXT NOT NULL)`);
  }

  /** For the stream that the answers to these requests will go to. */
  expectAnswers(stream: string, requests: readonly RequestId[]): void {
    for (const request of requests) {
      this.#sql.exec('INSERT OR REPLACE INTO waiting (request, stream) VALUES (?, ?)', JSON.stringify(request), stream);
    }
  }

  /** Nobody waits for this answer any more. Whether others are still waited for on its stream. */
  giveUp(request: RequestId): boolean {
    const [given] = this.#sql
      .exec<{ stream: string }>('DELETE FROM waiting WHERE request = ? RETURNING stream', JSON.stringify(request))
      .toArray();
    return given !== undefined && this.isAwaited(given.stream);
  }

  /** Whether something may still come of the stream. */
  isAwaited(stream: string): boolean {
    return this.#sql.exec('SELECT 1 FROM waiting WHERE stream = ? LIMIT 1', stream).toArray().length > 0;
  }

  async storeEvent(stream: string, message: JSONRPCMessage): Promise<string> {
    return await this.#append(stream, message, answeredBy(message));
  }

  streamOf(eventId: string): string | undefined {
    return this.#sql.exec<{ stream: string }>('SELECT stream FROM events WHERE id = ?', eventId).toArray()[0]?.stream;
  }

  async replayEventsAfter(
    lastEventId: string,
    { send }: { send: (eventId: string, message: JSONRPCMessage) => Promise<void> },
  ): Promise<string> {
    const stream = this.streamOf(lastEventId);
    if (stream === undefined) throw new Error('no such event');
    const later = this.#sql
      .exec<{ id: number; sealed: string }>(
        'SELECT id, sealed FROM events WHERE stream = ? AND id > ? ORDER BY id',
        stream,
        lastEventId,
      )
      .toArray();
    for (const { id, sealed } of later) {
      const parsed = JSONRPCMessageSchema.safeParse(JSON.parse(await unseal(sealed, this.#dataKey, this.#purpose)));
      // What opens a stream is no message.
      if (parsed.success) await send(`${id}`, parsed.data);
    }
    return stream;
  }

  /** To be called when nobody works on anything: after the object was started anew. */
  async failWhatWaits(): Promise<void> {
    const waiting = this.#sql
      .exec<{ request: string; stream: string }>('SELECT request, stream FROM waiting')
      .toArray();
    for (const { request, stream } of waiting) {
      const error = { code: -32000, message: CUT_OFF };
      await this.#append(stream, { jsonrpc: '2.0', id: JSON.parse(request), error }, request);
    }
  }

  /** Whether any is left. */
  dropBefore(timeMs: number): boolean {
    this.#sql.exec('DELETE FROM events WHERE at_ms < ?', timeMs);
    return this.#sql.exec('SELECT 1 FROM events LIMIT 1').toArray().length > 0;
  }

  async #append(stream: string, message: object, answered: string | null): Promise<string> {
    const sealed = await seal(JSON.stringify(message), this.#dataKey, this.#purpose);
    // No wait from here on: the answer is in the log at the same moment as nobody waits for it any more.
    if (answered !== null) this.#sql.exec('DELETE FROM waiting WHERE request = ?', answered);
    const { id } = this.#sql
      .exec<{ id: number }>(
        'INSERT INTO events (stream, at_ms, sealed) VALUES (?, ?, ?) RETURNING id',
        stream,
        Date.now(),
        sealed,
      )
      .one();
    this.#sql.exec('DELETE FROM events WHERE id <= ?', id - MOST_EVENTS);
    return `${id}`;
  }
}

/** As the request is written in the table; null: the message is no answer. */
function answeredBy(message: JSONRPCMessage): string | null {
  return 'result' in message || 'error' in message ? JSON.stringify(message.id ?? null) : null;
}
