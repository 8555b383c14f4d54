import type { KnownMotion } from '#shared/rpc/inference.ts';
import type { BufferedFrame } from './frame-buffer.ts';
import type { SessionFacts } from './session-facts.ts';

/** One frame as it is stored, with the comparisons that it made possible: one write a frame. */
export interface StoredFrame {
  frame: BufferedFrame;
  motions: KnownMotion[];
}

export interface StoredSession {
  facts: SessionFacts;
  frames: StoredFrame[];
}

type Storage = Pick<DurableObjectStorage, 'get' | 'put' | 'list' | 'deleteAll' | 'getAlarm' | 'setAlarm'>;

const FACTS_KEY = 'facts';
const FRAME_PREFIX = 'frame:';

/** What of a session is on the disk, so that neither an eviction nor a deploy loses a frame that was answered for. */
export class SessionStore {
  readonly #storage: Storage;

  constructor(storage: Storage) {
    this.#storage = storage;
  }

  async read(): Promise<StoredSession | null> {
    const facts = await this.#storage.get<SessionFacts>(FACTS_KEY);
    if (facts === undefined) return null;
    const frames = await this.#storage.list<StoredFrame>({ prefix: FRAME_PREFIX });
    return { facts, frames: [...frames.values()] };
  }

  /** Together or not at all. */
  async write(facts: SessionFacts | null, frames: readonly StoredFrame[]): Promise<void> {
    const entries = frames.map((stored): [string, StoredFrame] => [`${FRAME_PREFIX}${stored.frame.index}`, stored]);
    // A call takes at most 128 keys; those of one turn are written as one, however many calls.
    const writes: Promise<void>[] = facts ? [this.#storage.put(FACTS_KEY, facts)] : [];
    for (let at = 0; at < entries.length; at += MOST_KEYS) {
      writes.push(this.#storage.put(Object.fromEntries(entries.slice(at, at + MOST_KEYS))));
    }
    await Promise.all(writes);
  }

  /** Nothing remains; the alarm goes, too. */
  async clear(): Promise<void> {
    await this.#storage.deleteAll();
  }

  async hasAlarm(): Promise<boolean> {
    return (await this.#storage.getAlarm()) !== null;
  }

  async setAlarm(atMs: number): Promise<void> {
    await this.#storage.setAlarm(atMs);
  }
}

const MOST_KEYS = 128;
