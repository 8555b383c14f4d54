import { env } from 'cloudflare:workers';
import { beforeAll, describe, expect, it } from 'vitest';
import { seedDatabase } from '#shared/testing/seeded-database.ts';
import { SessionStore } from './session-store.ts';
import type { SessionWork } from './session-work.ts';
import { booksOfSession, inSession, NONE, NOTHING_ON_DISK, ONE_OF_EACH } from './testing/in-session.ts';
import { requestsOf, span } from './testing/session-requests.ts';

beforeAll(seedDatabase);

describe('a life that ends between the charge and what follows', () => {
  it('leaves its verdict to the next, for every frame', () =>
    inSession(async ({ live, storage, onDisk, inference, clock }) => {
      class DiskThatGoes extends SessionStore {
        override clear(): Promise<void> {
          return new Promise(() => undefined);
        }
      }
      const { session, add, begin } = requestsOf();
      const dying = await live({ store: new DiskThatGoes(storage) });
      await dying.add(add(span(0, 9)));
      const given = await dying.add(add([9]));
      expect((await onDisk()).keys).toHaveLength(10);
      const next = await live();
      const found = await next.begin(begin(3));
      expect(found).toMatchObject({ result: { verdict: 'live', session_id: session.sessionId } });
      expect(found).toEqual(given);
      expect(await next.add(add([9]))).toEqual(found);
      expect(inference.judged).toHaveLength(1);
      expect(await booksOfSession(session.sessionId)).toEqual(ONE_OF_EACH);
      clock.nowMs += 60_000;
      await next.expire();
      expect(await onDisk()).toEqual(NOTHING_ON_DISK);
    }));

  it('and of which only the database knows is asked for again, by any frame', () =>
    inSession(async ({ live, inference }) => {
      const { session, add, begin } = requestsOf();
      const losesAnswers = new Proxy(env.DB, {
        get(target, property) {
          if (property === 'batch') {
            return async (statements: D1PreparedStatement[]) => {
              await target.batch(statements);
              throw new Error('D1_ERROR: Network connection lost.');
            };
          }
          const value: unknown = Reflect.get(target, property);
          return typeof value === 'function' ? (value.bind(target) as unknown) : value;
        },
      });
      const work = await live({ database: losesAnswers });
      await work.add(add(span(0, 9)));
      await expect(work.add(add([9]))).rejects.toThrow();
      expect(await work.begin(begin(3))).toMatchObject({ result: { verdict: 'live' } });
      expect(inference.judged).toHaveLength(1);
      expect(await booksOfSession(session.sessionId)).toEqual(ONE_OF_EACH);
    }));
});

describe('a database that is away', () => {
  /** Away as long as the test says so. */
  function unreliable() {
    let isAway = false;
    const database = new Proxy(env.DB, {
      get(target, property) {
        const value: unknown = Reflect.get(target, property);
        if (typeof value !== 'function') return value;
        return (...args: unknown[]) => {
          if (isAway) throw new Error('D1_ERROR: Network connection lost.');
          return Reflect.apply(value, target, args) as unknown;
        };
      },
    });
    return {
      database,
      during: async (test: () => Promise<void>) => {
        isAway = true;
        await test();
        isAway = false;
      },
    };
  }

  it.each<[string, number, (work: SessionWork, requests: ReturnType<typeof requestsOf>) => Promise<unknown>]>([
    ['before the first frame', 0, (work, { begin }) => work.begin(begin(0))],
    ['at the first frame', 0, (work, { add }) => work.add(add([0]))],
    ['at the last frame', 9, (work, { add }) => work.add(add([9]))],
  ])('%s loses what was asked then and nothing else', (_name, before, ask) =>
    inSession(async ({ live }) => {
      const requests = requestsOf();
      const { database, during } = unreliable();
      const work = await live({ database });
      if (before > 0) await work.add(requests.add(span(0, before)));
      await during(async () => {
        await expect(ask(work, requests)).rejects.toThrow();
      });
      expect(work.progress()?.framesReceived ?? 0).toBe(before);
      expect(await booksOfSession(requests.session.sessionId)).toEqual(NONE);
      expect(await work.add(requests.add(span(before, 10)))).toMatchObject({ result: { verdict: 'live' } });
      expect(await booksOfSession(requests.session.sessionId)).toEqual(ONE_OF_EACH);
    }),
  );
});
