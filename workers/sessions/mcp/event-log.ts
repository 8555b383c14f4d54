import type { EventStore } from '@modelcontextprotocol/sdk/server/webStandardStreamableHttp.js';
import { type JSONRPCMessage, JSONRPCMessageSchema } from '@modelcontextprotocol/sdk/types.js';

/** Far more than a stream holds; older ones are no use to anybody who comes back. */
const MOST_EVENTS = 500;

const CUT_OFF = 'The server was restarted while it waited. Nothing is lost: call the tool again.';

/**
 * What was sent to a client, so that it can come back for it. And which requests wait for their answer: when this object is woken
 * by somebody who comes back, whoever was working on them is gone, and they are told so instead of being left to wait.
 */
export class EventLog implements EventStore {
  readonly #sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
    sql.exec(`CREATE TABLE IF NOT EXISTS events (id INTEGER PRIMARY KEY AUTOINCREMENT, stream TEXT NOT NULL, message TEXT NOT NULL);
      CREATE TABLE IF NOT EXISTS waiting (request TEXT PRIMARY KEY, stream TEXT NOT NULL)`);
  }

  /** For the stream that the answers to these requests will go to. */
  expectAnswers(stream: string, requests: readonly (string | number)[]): void {
    for (const request of requests) {
      this.#sql.exec('INSERT OR REPLACE INTO waiting (request, stream) VALUES (?, ?)', JSON.stringify(request), stream);
    }
  }

  async storeEvent(stream: string, message: JSONRPCMessage): Promise<string> {
    if ('result' in message || 'error' in message) {
      this.#sql.exec('DELETE FROM waiting WHERE request = ?', JSON.stringify(message.id ?? null));
    }
    return this.#append(stream, message);
  }

  async getStreamIdForEventId(eventId: string): Promise<string | undefined> {
    return this.#sql.exec<{ stream: string }>('SELECT stream FROM events WHERE id = ?', eventId).toArray()[0]?.stream;
  }

  async replayEventsAfter(
    lastEventId: string,
    { send }: { send: (eventId: string, message: JSONRPCMessage) => Promise<void> },
  ): Promise<string> {
    const stream = await this.getStreamIdForEventId(lastEventId);
    if (stream === undefined) throw new Error('no such event');
    const later = this.#sql
      .exec<{ id: number; message: string }>(
        'SELECT id, message FROM events WHERE stream = ? AND id > ? ORDER BY id',
        stream,
        lastEventId,
      )
      .toArray();
    for (const { id, message } of later) {
      const parsed = JSONRPCMessageSchema.safeParse(JSON.parse(message));
      // What opens a stream is no message.
      if (parsed.success) await send(`${id}`, parsed.data);
    }
    return stream;
  }

  /** To be called when nobody works on anything: after the object was started anew. */
  failWhatWaits(): void {
    for (const { request, stream } of this.#sql
      .exec<{ request: string; stream: string }>('SELECT request, stream FROM waiting')
      .toArray()) {
      this.#append(stream, { jsonrpc: '2.0', id: JSON.parse(request), error: { code: -32000, message: CUT_OFF } });
    }
    this.#sql.exec('DELETE FROM waiting');
  }

  #append(stream: string, message: object): string {
    const { id } = this.#sql
      .exec<{ id: number }>(
        'INSERT INTO events (stream, message) VALUES (?, ?) RETURNING id',
        stream,
        JSON.stringify(message),
      )
      .one();
    this.#sql.exec('DELETE FROM events WHERE id <= ?', id - MOST_EVENTS);
    return `${id}`;
  }
}
