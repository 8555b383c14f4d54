import { describe, expect, it } from 'vitest';
import { fetchPublic, type PublicFetchResult } from './fetch-public.ts';
import { createHostResolver, type FetchPort, type ResolveHost } from './resolve-host.ts';
import type { Handler } from './testing/local-origins.ts';
import { LIMITS, PUBLIC_ADDRESS, resolvingTo } from './testing/public-fetch-fixtures.ts';
import { FILM, useFilmHosts } from './testing/use-film-hosts.ts';

const { fetchFrom, asked } = useFilmHosts();

const sendsFilm: Handler = (_request, response) => {
  response.writeHead(200, { 'content-type': 'video/mp4' }).end('a film');
};
const redirectsTo =
  (location: string, status = 302): Handler =>
  (_request, response) => {
    response.writeHead(status, { location }).end('elsewhere');
  };

/** What no message may say. */
function expectNothingLeaks(result: PublicFetchResult): void {
  expect(JSON.stringify(result)).not.toMatch(/secret|film\.mp4|Signature|127\.0\.0\.1/);
}

it.each([301, 302, 303, 307, 308])('may be redirected with %i, to a path or to another host', async (status) => {
  const result = await fetchFrom(
    {
      'films.example.com': (request, response) =>
        redirectsTo(request.url === '/b' ? '//cdn.example.net/c' : '/b', status)(request, response),
      'cdn.example.net': sendsFilm,
    },
    { limits: { acceptsType: (_type, url) => url.href === 'https://cdn.example.net/c' } },
  );
  expect(result).toMatchObject({ ok: true });
  expect(asked()).toEqual(['films.example.com', 'films.example.com', 'cdn.example.net']);
});

describe('where it may not lead', () => {
  it.each([
    ['http://films.example.com/film.mp4', 'not_https'],
    ['https://127.0.0.1/film.mp4', 'not_public'],
    ['https://0x7f.1/film.mp4', 'not_public'],
    ['https://localhost/film.mp4', 'not_public'],
    ['nonsense', 'invalid_url'],
  ])('not to %s, and nothing is asked of anybody', async (url, problem) => {
    let calls = 0;
    const count = async () => {
      calls++;
      throw new Error('asked');
    };
    const result = await fetchPublic(url, LIMITS, { fetch: count, resolveHost: count });
    expect(result).toMatchObject({ ok: false, problem, isTransient: false });
    expect(calls).toBe(0);
  });

  it.each([
    ['a private address', ['10.0.0.1']],
    ['the metadata address', ['169.254.169.254']],
    ['a public and a private one', [PUBLIC_ADDRESS, '192.168.0.1']],
    ['a private and a public one', ['192.168.0.1', PUBLIC_ADDRESS]],
    ['a private IPv6 address alone', ['fd00::1']],
    ['a public one and a private IPv6 address', [PUBLIC_ADDRESS, '::1']],
    ['a mapped address', ['::ffff:127.0.0.1']],
    ['no address at all but a word', ['cdn.example.net.']],
  ])('not to a name of %s', async (_what, addresses) => {
    const resolveHost = resolvingTo({ 'films.example.com': addresses });
    const result = await fetchFrom({ 'films.example.com': sendsFilm }, { resolveHost });
    expect(result).toMatchObject({ ok: false, problem: 'not_public', isTransient: false });
    expect(asked()).toEqual([]);
    expectNothingLeaks(result);
  });

  it('not to a name whose CNAME leads inside', async () => {
    const dns: FetchPort = async (url) =>
      Response.json({
        Status: 0,
        TC: false,
        Answer: [
          { type: 5, data: 'intranet.example.net.' },
          url.endsWith('=A') ? { type: 1, data: '172.16.0.9' } : { type: 5, data: 'elsewhere.example.net.' },
        ],
      });
    const result = await fetchFrom(
      { 'films.example.com': sendsFilm },
      { resolveHost: createHostResolver({ fetch: dns }) },
    );
    expect(result).toMatchObject({ problem: 'not_public' });
    expect(asked()).toEqual([]);
  });

  it.each<[string, boolean, ResolveHost]>([
    ['does not exist', false, async () => ({ ok: false, isTransient: false })],
    ['has no addresses', false, async () => ({ ok: true, addresses: [] })],
    ['cannot be resolved now', true, async () => ({ ok: false, isTransient: true })],
    ['breaks the resolver', true, () => Promise.reject(new Error(`no answer for ${FILM}`))],
  ])('not to a name that %s', async (_what, isTransient, resolveHost) => {
    const result = await fetchFrom({ 'films.example.com': sendsFilm }, { resolveHost });
    expect(result).toMatchObject({ ok: false, problem: 'unresolvable', isTransient });
    expect(asked()).toEqual([]);
    expectNothingLeaks(result);
  });

  it.each([
    ['to http', 'http://films.example.com/film.mp4', 'not_https'],
    ['to a file', 'file:///etc/passwd', 'not_https'],
    ['to a private address', 'https://169.254.169.254/latest', 'not_public'],
    ['to a private address in decimal', 'https://2130706433/', 'not_public'],
    ['to a mapped address', 'https://[::ffff:7f00:1]/', 'not_public'],
    ['to a name for inside', 'https://localhost/', 'not_public'],
    ['to a name that resolves to inside', 'https://inside.example.net/', 'not_public'],
    ['to another port', 'https://films.example.com:8443/', 'invalid_url'],
    ['with credentials', 'https://user:secret@films.example.com/', 'invalid_url'],
    ['to what is too long', `/${'a'.repeat(3_000)}`, 'invalid_url'],
    ['to what is no URL', 'https://[', 'bad_redirect'],
  ])('not by a redirect %s', async (_what, location, problem) => {
    const result = await fetchFrom(
      { 'films.example.com': redirectsTo(location), 'inside.example.net': sendsFilm },
      { resolveHost: resolvingTo({ 'inside.example.net': ['10.0.0.1'] }) },
    );
    expect(result).toMatchObject({ ok: false, problem, isTransient: false });
    expect(asked()).toEqual(['films.example.com']);
    expectNothingLeaks(result);
  });

  it('not by a redirect that says nowhere', async () => {
    const nowhere: Handler = (_request, response) => void response.writeHead(302).end();
    expect(await fetchFrom({ 'films.example.com': nowhere })).toMatchObject({ problem: 'bad_redirect' });
  });

  it('resolves the same name anew at every hop', async () => {
    let lookups = 0;
    const resolveHost: ResolveHost = async () => {
      lookups++;
      return { ok: true, addresses: lookups === 1 ? [PUBLIC_ADDRESS] : ['10.0.0.1'] };
    };
    const result = await fetchFrom({ 'films.example.com': redirectsTo('/again') }, { resolveHost });
    expect(result).toMatchObject({ problem: 'not_public' });
    expect(asked()).toHaveLength(1);
  });

  it('leaves a loop after so many redirects, and takes just as many', async () => {
    const loop = await fetchFrom({ 'films.example.com': redirectsTo(FILM) });
    expect(loop).toMatchObject({ ok: false, problem: 'too_many_redirects', isTransient: false });
    expect(asked()).toHaveLength(4);

    const threeAway: Handler = (request, response) => {
      const hop = Number(request.url?.slice(1, 2));
      (hop < 3 ? redirectsTo(`/${hop + 1}`) : sendsFilm)(request, response);
    };
    const url = 'https://films.example.com/0';
    expect(await fetchFrom({ 'films.example.com': threeAway }, { url })).toMatchObject({ ok: true });
    const limits = { mostRedirects: 0 };
    expect(await fetchFrom({ 'films.example.com': threeAway }, { url, limits })).toMatchObject({
      problem: 'too_many_redirects',
    });
  });
});
