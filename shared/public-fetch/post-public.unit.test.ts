import { afterEach, describe, expect, it } from 'vitest';
import { type PublicPostLimits, postPublic } from './post-public.ts';
import type { FetchPort, ResolveHost } from './resolve-host.ts';
import { type Handler, type LocalOrigins, startLocalOrigins } from './testing/local-origins.ts';
import { resolvingTo } from './testing/public-fetch-fixtures.ts';

const HOST = 'hooks.example.com';
const URL_WITH_KEY = `https://${HOST}/in?key=secret`;
const LIMITS: PublicPostLimits = { totalTimeoutMs: 5_000, mostBytes: 16, allowsLocal: false };
const POST = { body: '{"event":"x"}', headers: { 'content-type': 'application/json', 'webhook-id': 'evt-1' } };

interface Wanted {
  url?: string;
  limits?: Partial<PublicPostLimits>;
  resolveHost?: ResolveHost;
  fetch?: FetchPort;
}

let origins: LocalOrigins | undefined;
afterEach(async () => {
  await origins?.stop();
  origins = undefined;
});

async function postTo(handler: Handler, wanted: Wanted = {}) {
  await origins?.stop();
  origins = await startLocalOrigins({ [HOST]: handler });
  const { url = URL_WITH_KEY, limits, resolveHost = resolvingTo(), fetch = origins.fetch } = wanted;
  return await postPublic(url, POST, { ...LIMITS, ...limits }, { fetch, resolveHost });
}

const answers =
  (status: number, body = '', headers: Record<string, string> = {}): Handler =>
  (_request, response) => {
    response.writeHead(status, headers).end(body);
  };
const textOf = (body: Uint8Array) => new TextDecoder().decode(body);

describe('what is posted', () => {
  it('arrives as it is, and the answer comes back', async () => {
    const seen: unknown[] = [];
    const result = await postTo((request, response) => {
      const { method, url, headers } = request;
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        seen.push({ method, url, id: headers['webhook-id'], body: Buffer.concat(chunks).toString() });
        response.writeHead(202).end('thanks');
      });
    });
    expect(seen).toEqual([{ method: 'POST', url: '/in?key=secret', id: 'evt-1', body: POST.body }]);
    if (!result.ok) throw new Error(result.message);
    expect([result.status, textOf(result.body)]).toEqual([202, 'thanks']);
  });

  it('is neither cached nor sent as a method', async () => {
    const seen: { self: unknown; init: RequestInit }[] = [];
    const fetch = async function (this: unknown, _url: string, init: RequestInit) {
      seen.push({ self: this, init });
      return new Response(null, { status: 204 });
    };
    const result = await postTo(answers(200), { fetch });
    expect(result).toMatchObject({ ok: true, status: 204, body: new Uint8Array() });
    expect(seen).toEqual([
      { self: undefined, init: expect.objectContaining({ redirect: 'manual', cache: 'no-store', method: 'POST' }) },
    ]);
  });
});

describe('an answer', () => {
  it.each([200, 410, 500, 503])('of status %i is an answer', async (status) => {
    expect(await postTo(answers(status, 'no'))).toMatchObject({ ok: true, status });
  });

  it.each([301, 302, 303, 307, 308])('that redirects (%i) is not followed', async (status) => {
    const result = await postTo(answers(status, '', { location: `https://${HOST}/elsewhere` }));
    expect(result).toMatchObject({ ok: true, status });
    expect(origins?.asked).toEqual([HOST]);
  });

  it('is read as far as is asked, and then let go', async () => {
    const result = await postTo((_request, response) => {
      response.writeHead(200);
      const timer = setInterval(() => response.write('0123456789'), 2);
      response.on('close', () => clearInterval(timer));
    });
    if (!result.ok) throw new Error(result.message);
    expect(textOf(result.body)).toBe('0123456789012345');
    expect(await origins?.closed(HOST)).toBe(false);
  });

  it('whose body never ends counts by its status', async () => {
    const silent: Handler = (_request, response) => void response.writeHead(200).write('half');
    const result = await postTo(silent, { limits: { totalTimeoutMs: 100 } });
    if (!result.ok) throw new Error(result.message);
    expect([result.status, textOf(result.body)]).toEqual([200, 'half']);
  });

  it('that never comes is waited for so long', async () => {
    const result = await postTo(() => undefined, { limits: { totalTimeoutMs: 100 } });
    expect(result).toMatchObject({ ok: false, problem: 'too_slow' });
    expect(await origins?.closed(HOST)).toBe(false);
  });
});

describe('a target', () => {
  const refusing = async (wanted: Wanted) => {
    const result = await postTo(answers(200), wanted);
    expect(origins?.asked).toEqual([]);
    return result;
  };

  it.each([
    ['http://hooks.example.com/', 'not_https'],
    ['https://10.0.0.1/', 'not_public'],
    ['https://[::1]/', 'not_public'],
    ['https://localhost/', 'not_public'],
    ['https://hooks.example.com:8443/', 'invalid_url'],
    ['https://me:secret@hooks.example.com/', 'invalid_url'],
    ['http://localhost:8080/', 'not_https'],
  ])('%s is refused: %s', async (url, problem) => {
    expect(await refusing({ url })).toMatchObject({ ok: false, problem });
  });

  it('whose name leads to a private address is refused, each time anew', async () => {
    const answersInTurn = [['93.184.215.14'], ['93.184.215.14', '192.168.1.1']];
    const resolveHost: ResolveHost = async () => ({ ok: true, addresses: answersInTurn.shift() ?? [] });
    expect(await postTo(answers(200), { resolveHost })).toMatchObject({ ok: true });
    expect(await refusing({ resolveHost })).toMatchObject({ ok: false, problem: 'not_public' });
    expect(await refusing({ resolveHost })).toMatchObject({ ok: false, problem: 'unresolvable' });
  });

  it('that cannot be reached is told of without what its URL holds', async () => {
    const result = await postTo(answers(200), { url: 'https://gone.example.com/in?key=secret' });
    expect(result).toMatchObject({ ok: false, problem: 'unreachable' });
    expect(JSON.stringify(result)).not.toContain('secret');
  });

  it('on this machine is taken where that is allowed, and asks no resolver', async () => {
    const asked: string[] = [];
    const fetch: FetchPort = async (url) => {
      asked.push(url);
      return new Response('ok');
    };
    const resolveHost: ResolveHost = async () => ({ ok: false, isTransient: false });
    const limits = { allowsLocal: true };
    for (const url of ['http://localhost:8080/x', 'http://127.0.0.1:1/'])
      expect(await postTo(answers(200), { url, limits, fetch, resolveHost })).toMatchObject({ ok: true });
    expect(asked).toEqual(['http://localhost:8080/x', 'http://127.0.0.1:1/']);
    const elsewhere = { url: 'http://10.0.0.1/', limits, fetch, resolveHost };
    expect(await postTo(answers(200), elsewhere)).toMatchObject({ ok: false, problem: 'not_https' });
  });
});
