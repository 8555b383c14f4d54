import { createHash } from 'node:crypto';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { upstashLimiter } from './upstash-limiter.ts';

const REQUEST = { identifier: 'key_1', limit: 5, windowMs: 60_000 };
const NEVER_MS = 3_600_000;

function stubFetch(...answers: Array<() => Promise<Response>>) {
  const inits: RequestInit[] = [];
  const fetch = vi.fn((_url: string, init: RequestInit) => {
    inits.push(init);
    const answer = answers[inits.length - 1];
    if (answer === undefined) throw new Error('one call too many');
    return answer();
  });
  vi.stubGlobal('fetch', fetch);
  return inits;
}

const json = (body: unknown, status = 200) => Promise.resolve(Response.json(body, { status }));
const limiterWith = (timeoutMs: number) => upstashLimiter({ url: 'https://redis.example', token: 'token', timeoutMs });

describe('upstashLimiter', () => {
  afterEach(() => {
    vi.unstubAllGlobals();
    vi.useRealTimers();
  });

  it('puts one deadline over all the calls of a decision', async () => {
    const inits = stubFetch(
      () => json({ error: 'NOSCRIPT No matching script.' }, 400),
      () => json({ result: [4, 5] }),
    );
    expect(await limiterWith(NEVER_MS).take(REQUEST)).toMatchObject({ allowed: true, limit: 5, remaining: 4 });
    expect(inits.map(({ body }) => JSON.parse(String(body))[0])).toEqual(['evalsha', 'eval']);
    expect(inits[0]?.signal).toBeInstanceOf(AbortSignal);
    expect(inits[1]?.signal).toBe(inits[0]?.signal);
  });

  it('leaves the flag that only Upstash knows out of the script where Redis rejects it, and remembers', async () => {
    const ok = () => json({ result: [4, 5] });
    const inits = stubFetch(
      () => json({ error: 'NOSCRIPT No matching script.' }, 400),
      () => json({ error: 'ERR Unexpected flag in script shebang: allow-key-locking' }, 400),
      ok,
      ok,
      () => json({ error: 'NOSCRIPT No matching script.' }, 400),
      ok,
    );
    const limiter = limiterWith(NEVER_MS);
    for (let i = 0; i < 3; i++) expect(await limiter.take(REQUEST)).toMatchObject({ allowed: true });
    const commands = inits.map(({ body }) => JSON.parse(String(body)) as string[]);
    expect(commands.map(([name]) => name)).toEqual(['evalsha', 'eval', 'eval', 'evalsha', 'evalsha', 'eval']);
    const flagged = commands[1]?.[1] ?? '';
    const plain = commands[2]?.[1] ?? '';
    expect(flagged).toBe(`#!lua flags=allow-key-locking\n${plain}`);
    expect(plain).toContain('INCRBY');
    expect(commands[3]?.[1]).toBe(createHash('sha1').update(plain).digest('hex'));
    expect(commands[5]?.[1]).toBe(plain);
  });

  it('rejects at the deadline; nothing passes for want of an answer', async () => {
    const inits = stubFetch(
      () =>
        new Promise((_resolve, reject) => {
          const signal = inits[0]?.signal;
          signal?.addEventListener('abort', () => reject(signal.reason));
        }),
    );
    await expect(limiterWith(1).take(REQUEST)).rejects.toMatchObject({ name: 'TimeoutError' });
  });

  it('has no other clock running that would let a request pass', async () => {
    vi.useFakeTimers();
    let answer: (response: Response) => void = () => undefined;
    stubFetch(() => new Promise((resolve) => (answer = resolve)));
    const decision = limiterWith(NEVER_MS).take(REQUEST);
    await vi.advanceTimersByTimeAsync(NEVER_MS / 2);
    answer(Response.json({ result: [-1, 5] }));
    expect(await decision).toMatchObject({ allowed: false });
  });

  it('tries once, and rejects what is no answer', async () => {
    const failures = [
      () => Promise.reject(new TypeError('connection refused')),
      () => json({ error: 'Unauthorized' }, 401),
      () => json({ error: 'ERR max requests limit exceeded' }, 400),
      () => Promise.resolve(new Response('<html>bad gateway</html>', { status: 502 })),
      () => Promise.resolve(new Response('<html>not Redis</html>')),
      () => json({ result: null }),
    ];
    for (const failure of failures) {
      const inits = stubFetch(failure);
      await expect(limiterWith(NEVER_MS).take(REQUEST)).rejects.toBeInstanceOf(Error);
      expect(inits).toHaveLength(1);
    }
  });

  it('says when to come back: at the end of the fixed window, and all is free one window later', async () => {
    vi.useFakeTimers({ now: 1_800_000_000_000 + 45_000 });
    stubFetch(() => json({ result: [-1, 5] }));
    const decision = { allowed: false, limit: 5, remaining: 0, retryAfterSeconds: 16, resetSeconds: 76 };
    expect(await limiterWith(NEVER_MS).take(REQUEST)).toEqual(decision);
  });

  it('asks Redis again for whoever was denied, and sends it no telemetry', async () => {
    const inits = stubFetch(
      () => json({ result: [-1, 5] }),
      () => json({ result: [3, 5] }),
    );
    const limiter = limiterWith(NEVER_MS);
    expect(await limiter.take(REQUEST)).toMatchObject({ allowed: false });
    expect(await limiter.take(REQUEST)).toMatchObject({ allowed: true });
    const headers = inits.flatMap((init) => Object.keys(init.headers ?? {}));
    expect(headers.filter((name) => name.toLowerCase().startsWith('upstash-telemetry'))).toEqual([]);
  });

  it('keeps the count when the limit changes, and counts apart when the window does', async () => {
    const inits = stubFetch(...Array.from({ length: 3 }, () => () => json({ result: [1, 5] })));
    const limiter = limiterWith(NEVER_MS);
    await limiter.take(REQUEST);
    await limiter.take({ ...REQUEST, limit: 9 });
    await limiter.take({ ...REQUEST, windowMs: 1_000 });
    const prefixes = inits.map(({ body }) => String(JSON.parse(String(body))[3]).split('key_1')[0]);
    expect(prefixes).toEqual(['rate-limit:60000:', 'rate-limit:60000:', 'rate-limit:1000:']);
  });
});
