import { WeightNotLoaded } from './errors.ts';

/** Sessions by the key of their weight. */
export interface SessionStore<Key extends string, Session> {
  /** All of them, loaded by the first call of the isolate. Rejects with `WeightNotLoaded` when one cannot be. */
  all(): Promise<ReadonlyMap<Key, Session>>;
}

/**
 * Makes each session once, and shares the work between callers that come while it is under way. Fails closed, all or
 * nothing: a missing session rejects the call. What did load is kept, and the next call tries only the rest again.
 */
export function createSessionStore<Key extends string, Session>(
  weights: Readonly<Record<Key, ArrayBuffer>>,
  createSession: (bytes: ArrayBuffer) => Promise<Session>,
): SessionStore<Key, Session> {
  const loaded = new Map<Key, Session>();
  let loading: Promise<void> | null = null;

  async function loadRest(): Promise<void> {
    for (const [key, bytes] of Object.entries(weights) as [Key, ArrayBuffer][]) {
      if (loaded.has(key)) continue;
      try {
        loaded.set(key, await createSession(bytes));
      } catch (cause) {
        throw new WeightNotLoaded(key, cause);
      }
    }
  }

  return {
    async all() {
      loading ??= loadRest().catch((error: unknown) => {
        loading = null;
        throw error;
      });
      await loading;
      return loaded;
    },
  };
}
