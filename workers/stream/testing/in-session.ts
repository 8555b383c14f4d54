import { runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { openDatabase } from '#shared/db/database.ts';
import type { InferenceService } from '#shared/rpc/inference.ts';
import { stubInference } from '#shared/testing/stub-inference.ts';
import { SessionStore } from '../session-store.ts';
import { SessionWork } from '../session-work.ts';

export type SessionUnderTest = Awaited<ReturnType<typeof sessionOn>>;

export const NOTHING_ON_DISK = { keys: [], alarm: null };

/** One session on the real storage of an object of its own. Time stands still unless the test moves it. */
export function inSession(
  test: (session: SessionUnderTest) => Promise<void>,
  replaced: Partial<InferenceService> = {},
): Promise<void> {
  const object = env.FRAME_SESSION.getByName(crypto.randomUUID());
  return runInDurableObject(object, async (_object, { storage }) => test(await sessionOn(storage, replaced)));
}

async function sessionOn(storage: DurableObjectStorage, replaced: Partial<InferenceService>) {
  // An alarm that were set for the past would ring at once, in the object that the storage belongs to.
  const clock = { nowMs: Date.now() };
  const inference = stubInference(replaced);

  /** A life of the object: what the one before had in memory is gone. */
  async function live({ database = env.DB, store = new SessionStore(storage) } = {}): Promise<SessionWork> {
    const work = new SessionWork({
      database: openDatabase(database),
      inference: inference.service,
      store,
      nowMs: () => clock.nowMs,
      newId: () => crypto.randomUUID(),
      soon: (done) => void done(),
    });
    await work.restore();
    return work;
  }

  const onDisk = async () => ({ keys: [...(await storage.list()).keys()], alarm: await storage.getAlarm() });
  return { work: await live(), live, storage, onDisk, clock, inference };
}

/** What a session has left in the database: one of each when all is well. */
export async function booksOfSession(sessionId: string) {
  const count = async (table: string, column: string, value: string) =>
    (await env.DB.prepare(`SELECT count(*) AS n FROM ${table} WHERE ${column} = ?`).bind(value).first<number>('n')) ??
    0;
  return {
    charges: await count('credit_entries', 'reference', `fastCheckStream:${sessionId}`),
    usageRows: await count('usage_events', 'session_id', sessionId),
    verdicts: await count('verifications', "state = 'done' AND session_id", sessionId),
  };
}

export const ONE_OF_EACH = { charges: 1, usageRows: 1, verdicts: 1 };
export const NONE = { charges: 0, usageRows: 0, verdicts: 0 };
