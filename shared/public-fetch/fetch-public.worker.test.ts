import { expect, it } from 'vitest';
import { fetchPublic, type PublicFetchLimits, type PublicFetchResult } from './fetch-public.ts';
import { checkPublicUrl } from './public-url.ts';
import { PublicFetchFailure } from './refusal.ts';
import { createHostResolver, type FetchPort } from './resolve-host.ts';
import { LIMITS, readAll, readUntilFailure } from './testing/public-fetch-fixtures.ts';

const FILM = 'https://films.example.com/film.mp4?sig=secret';
const MP4 = { 'content-type': 'video/mp4' };

/** The network as this test has it: names by DNS over HTTPS, films by host. Requests are built as the runtime builds them. */
function network(addresses: Record<string, string>, answer: (request: Request) => Response) {
  const requests: Request[] = [];
  const fetch: FetchPort = async (url, init) => {
    const request = new Request(url, init);
    const { hostname, searchParams } = new URL(url);
    if (hostname !== 'cloudflare-dns.com') {
      requests.push(request);
      return answer(request);
    }
    const data = addresses[searchParams.get('name') ?? ''];
    const isAsked = data !== undefined && (searchParams.get('type') === 'AAAA') === data.includes(':');
    return Response.json({
      Status: 0,
      TC: false,
      Answer: isAsked ? [{ type: data.includes(':') ? 28 : 1, data }] : [],
    });
  };
  return { requests, ports: { fetch, resolveHost: createHostResolver({ fetch }) } };
}

async function openFilm(
  body: BodyInit,
  limits: Partial<PublicFetchLimits> = {},
): Promise<{ body: ReadableStream<Uint8Array>; request: Request | undefined }> {
  const { requests, ports } = network(
    { 'films.example.com': '93.184.215.14' },
    () => new Response(body, { headers: MP4 }),
  );
  const result: PublicFetchResult = await fetchPublic(FILM, { ...LIMITS, ...limits }, ports);
  if (!result.ok) throw new Error(result.message);
  return { body: result.body, request: requests[0] };
}

function endless(): ReadableStream<Uint8Array> {
  return new ReadableStream({
    async pull(controller) {
      await scheduler.wait(5);
      controller.enqueue(new Uint8Array(10));
    },
  });
}

it('streams a film, asked for as the runtime understands it', async () => {
  const { body, request } = await openFilm('a film');
  expect(new TextDecoder().decode(await readAll(body))).toBe('a film');
  expect(request).toMatchObject({ url: FILM, method: 'GET', redirect: 'manual', cache: 'no-store' });
  expect(Object.fromEntries(request?.headers ?? [])).toEqual({
    accept: '*/*',
    'accept-encoding': 'identity',
    'user-agent': 'edge-liveness',
  });
});

it('follows redirects by hand, and judges where each leads', async () => {
  const { requests, ports } = network(
    { 'films.example.com': '93.184.215.14', 'cdn.example.net': '2606:4700::1111', 'inside.example.net': 'fd00::1' },
    ({ url }) => {
      if (url === FILM) return Response.redirect('https://cdn.example.net/film', 302);
      return new Response(null, { status: 302, headers: { location: '//inside.example.net/film' } });
    },
  );
  const result = await fetchPublic(FILM, LIMITS, ports);
  expect(result).toEqual({
    ok: false,
    problem: 'not_public',
    message: 'inside.example.net does not lead to public addresses only',
    isTransient: false,
  });
  expect(requests.map(({ url }) => new URL(url).hostname)).toEqual(['films.example.com', 'cdn.example.net']);
});

it('refuses a name without addresses', async () => {
  const { requests, ports } = network({}, () => new Response('a film', { headers: MP4 }));
  expect(await fetchPublic(FILM, LIMITS, ports)).toMatchObject({ problem: 'unresolvable', isTransient: false });
  expect(requests).toEqual([]);
});

it.each([
  '2130706433',
  '0x7f.1',
  '017700000001',
  '127.0.0.1.',
  '１２７。０。０。１',
  '[::ffff:127.0.0.1]',
  '[64:ff9b::7f00:1]',
  'LOCALHOST.',
])('reads https://%s as what it is', (host) => {
  expect(checkPublicUrl(`https://${host}/`)).toMatchObject({ ok: false, problem: 'not_public' });
});

it('ends a body that is too large, and lets the connection go', async () => {
  const { body, request } = await openFilm(endless(), { maxBytes: 35 });
  const { receivedBytes, failure } = await readUntilFailure(body);
  expect(receivedBytes).toBe(30);
  expect(failure).toBeInstanceOf(PublicFetchFailure);
  expect(failure).toMatchObject({ refusal: { problem: 'too_large', isTransient: false } });
  expect(request?.signal.aborted).toBe(true);
});

it('ends a body that drips, and lets the connection go', async () => {
  const { body, request } = await openFilm(endless(), { totalTimeoutMs: 60, maxBytes: 1_000_000 });
  const { receivedBytes, failure } = await readUntilFailure(body);
  expect(receivedBytes).toBeGreaterThan(0);
  expect(failure).toMatchObject({ refusal: { problem: 'too_slow', isTransient: true } });
  expect(request?.signal.aborted).toBe(true);
});

it('lets the connection go when the reader turns away, also while it waits', async () => {
  const { body, request } = await openFilm(new ReadableStream());
  const reader = body.getReader();
  const waiting = reader.read();
  await reader.cancel();
  expect(await waiting).toMatchObject({ done: true });
  expect(request?.signal.aborted).toBe(true);
});

it('keeps its failure through a pipe', async () => {
  const { body } = await openFilm(endless(), { maxBytes: 35 });
  const { failure } = await readUntilFailure(body.pipeThrough(new TransformStream<Uint8Array, Uint8Array>()));
  expect(failure).toBeInstanceOf(PublicFetchFailure);
});
