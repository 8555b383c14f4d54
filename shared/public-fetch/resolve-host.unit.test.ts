import { describe, expect, it } from 'vitest';
import { createHostResolver, type FetchPort, type HostAddresses } from './resolve-host.ts';

const A = 1;
const CNAME = 5;
const AAAA = 28;

interface Record {
  type: number;
  data: string;
}

function answer(records: Record[], more: object = {}): object {
  const named = records.map((record) => ({ name: 'films.example.com.', TTL: 60, ...record }));
  return { Status: 0, TC: false, RD: true, RA: true, AD: false, CD: false, Answer: named, ...more };
}

const NOTHING = { Status: 0, TC: false };
const NO_SUCH_NAME = { Status: 3, TC: false };
const SERVER_FAILURE = { Status: 2, TC: false };
const PUBLIC_A = answer([{ type: A, data: '93.184.215.14' }]);
const PUBLIC_AAAA = answer([{ type: AAAA, data: '2606:4700::1111' }]);

/** A resolver that knows these answers, by the type that is asked for. */
function knowing(answers: { A: unknown; AAAA: unknown }): FetchPort {
  return async (url) => {
    const type = new URL(url).searchParams.get('type');
    return Response.json(type === 'A' ? answers.A : answers.AAAA);
  };
}

async function resolve(fetch: FetchPort, host = 'films.example.com'): Promise<HostAddresses> {
  return await createHostResolver({ fetch, timeoutMs: 50 })(host, new AbortController().signal);
}

describe('createHostResolver', () => {
  it('asks the resolver for both kinds of address, as JSON, and nothing else', async () => {
    const asked: { url: string; accept: string | null; redirect: unknown }[] = [];
    await resolve(async (url, init) => {
      asked.push({ url, accept: new Headers(init.headers).get('accept'), redirect: init.redirect });
      return Response.json(NOTHING);
    }, 'a&type=TXT.example.com');
    const name = 'a%26type%3DTXT.example.com';
    expect(asked).toEqual(
      ['A', 'AAAA'].map((type) => ({
        url: `https://cloudflare-dns.com/dns-query?name=${name}&type=${type}`,
        accept: 'application/dns-json',
        redirect: 'manual',
      })),
    );
  });

  it('asks another resolver when told so', async () => {
    const asked: string[] = [];
    const fetch: FetchPort = async (url) => {
      asked.push(url);
      return Response.json(NOTHING);
    };
    const resolveHost = createHostResolver({ fetch, endpoint: 'https://dns.example/resolve' });
    await resolveHost('a.example.com', new AbortController().signal);
    expect(asked[0]).toBe('https://dns.example/resolve?name=a.example.com&type=A');
  });

  it('does not call fetch as a method, which the global one of workerd would refuse', async () => {
    let self: unknown = 'not called';
    await resolve(async function (this: unknown) {
      self = this;
      return Response.json(NOTHING);
    });
    expect(self).toBeUndefined();
  });

  it('gives every address of both kinds, at the end of a CNAME chain too', async () => {
    const ipv4 = answer([
      { type: CNAME, data: 'cdn.example.net.' },
      { type: CNAME, data: 'inside.example.org.' },
      { type: A, data: '93.184.215.14' },
      { type: A, data: '10.0.0.1' },
    ]);
    expect(await resolve(knowing({ A: ipv4, AAAA: PUBLIC_AAAA }))).toEqual({
      ok: true,
      addresses: ['93.184.215.14', '10.0.0.1', '2606:4700::1111'],
    });
  });

  it.each([
    ['no record', NOTHING],
    ['an empty list', answer([])],
    ['a CNAME alone', answer([{ type: CNAME, data: 'cdn.example.net.' }])],
    ['no such name', NO_SUCH_NAME],
  ])('one kind of address may be missing: %s', async (_what, missing) => {
    const ipv4Only = await resolve(knowing({ A: PUBLIC_A, AAAA: missing }));
    const ipv6Only = await resolve(knowing({ A: missing, AAAA: PUBLIC_AAAA }));
    expect(ipv4Only).toEqual({ ok: true, addresses: ['93.184.215.14'] });
    expect(ipv6Only).toEqual({ ok: true, addresses: ['2606:4700::1111'] });
    expect(await resolve(knowing({ A: missing, AAAA: missing }))).toEqual({ ok: false, isTransient: false });
  });

  it.each([
    ['a server failure', SERVER_FAILURE],
    ['a server failure that carries records', { ...PUBLIC_A, Status: 2 }],
    ['a refusal', { Status: 5, TC: false }],
    ['a truncated answer', answer([{ type: A, data: '93.184.215.14' }], { TC: true })],
    ['more records than are judged', answer(Array.from({ length: 65 }, () => ({ type: A, data: '93.184.215.14' })))],
    ['an error object', { error: 'Invalid query' }],
    ['another shape', { status: 0, answers: [] }],
    ['a record without data', answer([{ type: A } as Record])],
    ['null', null],
  ])('refuses when either kind is not known for certain: %s', async (_what, bad) => {
    const uncertain = { ok: false, isTransient: true };
    expect(await resolve(knowing({ A: bad, AAAA: PUBLIC_AAAA }))).toEqual(uncertain);
    expect(await resolve(knowing({ A: PUBLIC_A, AAAA: bad }))).toEqual(uncertain);
  });

  it('takes as many records as are judged', async () => {
    const most = answer(Array.from({ length: 64 }, () => ({ type: A, data: '93.184.215.14' })));
    expect(await resolve(knowing({ A: most, AAAA: NOTHING }))).toMatchObject({ ok: true });
  });

  it.each<[string, FetchPort]>([
    ['an error status', async () => Response.json(PUBLIC_A, { status: 500 })],
    ['a redirect', async () => Response.json(PUBLIC_A, { status: 302, headers: { location: 'https://a.example/' } })],
    ['no JSON', async () => new Response('<html>')],
    ['an endless body', async () => new Response(new ReadableStream())],
    ['no connection', async () => Promise.reject(new TypeError('fetch failed'))],
    ['silence', () => new Promise(() => {})],
  ])('refuses for now at %s of the resolver', async (_what, fetch) => {
    expect(await resolve(fetch)).toEqual({ ok: false, isTransient: true });
  });

  it('lets go of both questions when its time is over, when one fails, and when the caller gives up', async () => {
    const signals: AbortSignal[] = [];
    const silent: FetchPort = (_url, { signal }) => {
      if (signal) signals.push(signal);
      return new Promise(() => {});
    };
    await resolve(silent);
    expect(signals.map(({ aborted }) => aborted)).toEqual([true, true]);

    signals.length = 0;
    await resolve((url, init) => (url.endsWith('=A') ? Promise.reject(new Error('down')) : silent(url, init)));
    expect(signals.map(({ aborted }) => aborted)).toEqual([true]);

    signals.length = 0;
    const caller = new AbortController();
    const resolving = createHostResolver({ fetch: silent, timeoutMs: 60_000 })('a.example.com', caller.signal);
    caller.abort(new Error('given up'));
    expect(await resolving).toEqual({ ok: false, isTransient: true });
    expect(signals.map(({ aborted }) => aborted)).toEqual([true, true]);
  });
});
