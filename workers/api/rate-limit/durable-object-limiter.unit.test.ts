import { describe, expect, it } from 'vitest';
import type { RateLimitDecision } from '#shared/rpc/rate-limiter.ts';
import { durableObjectLimiter } from './durable-object-limiter.ts';
import type { RateLimit } from './rate-limit.ts';

const REQUEST = { identifier: 'key_1', limit: 5, windowMs: 60_000 };
const DECISION: RateLimitDecision = { allowed: true, limit: 5, remaining: 4, retryAfterSeconds: 0, resetSeconds: 60 };

/** A namespace whose objects fail as the runtime reports it, one entry per call, and then answer. */
function failing(...failures: object[]) {
  const names: string[] = [];
  const getByName = (name: string) => {
    names.push(name);
    const failure = failures.shift();
    return { take: () => (failure ? Promise.reject(Object.assign(new Error('down'), failure)) : DECISION) };
  };
  const namespace = { getByName } as unknown as DurableObjectNamespace<RateLimit>;
  return { names, limiter: durableObjectLimiter(namespace) };
}

describe('durableObjectLimiter', () => {
  it('asks once more, on a fresh stub, when an object moved or was replaced', async () => {
    const { names, limiter } = failing({ retryable: true });
    expect(await limiter.take(REQUEST)).toEqual(DECISION);
    expect(names).toEqual(['60000:key_1', '60000:key_1']);
  });

  it('gives up after that', async () => {
    const { names, limiter } = failing({ retryable: true }, { retryable: true }, { retryable: true });
    await expect(limiter.take(REQUEST)).rejects.toThrow('down');
    expect(names).toHaveLength(2);
  });

  it.each([[{}], [{ retryable: false }], [{ retryable: true, overloaded: true }]])(
    'rejects at once on %o',
    async (failure) => {
      const { names, limiter } = failing(failure);
      await expect(limiter.take(REQUEST)).rejects.toThrow('down');
      expect(names).toHaveLength(1);
    },
  );
});
