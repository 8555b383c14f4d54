import { describe, expect, it } from 'vitest';
import { fetchPublic, type PublicFetchLimits } from './fetch-public.ts';
import type { ResolveHost } from './resolve-host.ts';
import type { Handler } from './testing/local-origins.ts';
import { LIMITS, PUBLIC_ADDRESS, readAll, resolvingTo } from './testing/public-fetch-fixtures.ts';
import { FILM, useFilmHosts } from './testing/use-film-hosts.ts';

const { fetchFrom } = useFilmHosts();

const sendsFilm: Handler = (_request, response) => {
  response.writeHead(200, { 'content-type': 'video/mp4' }).end('a film');
};
const answers =
  (status: number): Handler =>
  (_request, response) => {
    response.writeHead(status, { 'content-type': 'video/mp4' }).end('a film');
  };

describe('a film that may be fetched', () => {
  it('is given as it was sent', async () => {
    const result = await fetchFrom({
      'films.example.com': (_request, response) => {
        response.writeHead(200, { 'content-type': 'Video/MP4; codecs="avc1"', 'content-length': 6 }).end('a film');
      },
    });
    if (!result.ok) throw new Error(result.message);
    expect(result).toMatchObject({ contentType: 'video/mp4', contentLength: 6 });
    expect(new TextDecoder().decode(await readAll(result.body))).toBe('a film');
  });

  it('is asked for plainly: path and query, a name for us, nothing else of ours', async () => {
    let seen: { url: string | undefined; headers: Record<string, unknown> } | undefined;
    const noting: Handler = (request, response) => {
      seen = { url: request.url, headers: request.headers };
      sendsFilm(request, response);
    };
    await fetchFrom({ 'films.example.com': noting });
    expect(seen).toMatchObject({
      url: '/film.mp4?X-Amz-Signature=secret',
      headers: { 'user-agent': 'edge-liveness', 'accept-encoding': 'identity', accept: '*/*' },
    });
    const sent = Object.keys(seen?.headers ?? {});
    expect(sent).not.toEqual(expect.arrayContaining([expect.stringMatching(/^(cookie|authorization|referer|x-.*)$/)]));

    await fetchFrom({ 'films.example.com': noting }, { limits: { userAgent: 'acme-films/1' } });
    expect(seen?.headers['user-agent']).toBe('acme-films/1');
  });

  it('is not kept in a cache, and fetch is not called as a method', async () => {
    const seen: { self: unknown; init: RequestInit }[] = [];
    const fetch = async function (this: unknown, _url: string, init: RequestInit) {
      seen.push({ self: this, init });
      return new Response('a film', { headers: { 'content-type': 'video/mp4' } });
    };
    await fetchPublic(FILM, LIMITS, { fetch, resolveHost: resolvingTo() });
    expect(seen).toEqual([
      { self: undefined, init: expect.objectContaining({ cache: 'no-store', redirect: 'manual' }) },
    ]);
  });

  it('may lie at an address that is public, which is not looked up', async () => {
    const resolveHost: ResolveHost = async () => ({ ok: false, isTransient: false });
    const result = await fetchFrom({ [PUBLIC_ADDRESS]: sendsFilm }, { url: `https://${PUBLIC_ADDRESS}/`, resolveHost });
    expect(result).toMatchObject({ ok: true });
  });
});

describe('answers that are no film', () => {
  it.each([
    [204, false],
    [206, false],
    [300, false],
    [304, false],
    [401, false],
    [403, false],
    [404, false],
    [410, false],
    [408, true],
    [425, true],
    [429, true],
    [500, true],
    [503, true],
    [530, true],
  ])('status %i', async (status, isTransient) => {
    const result = await fetchFrom({ 'films.example.com': answers(status) });
    expect(result).toMatchObject({ ok: false, problem: 'bad_status', isTransient });
    expect(result).toMatchObject({ message: `films.example.com answered with status ${status}` });
  });

  it.each([
    ['text/html', 'text/html'],
    ['', null],
    [' ; charset=utf-8', null],
    ['video/mp4, text/html', 'video/mp4, text/html'],
  ])('content type %j', async (sent, asked) => {
    const types: unknown[] = [];
    const acceptsType: PublicFetchLimits['acceptsType'] = (type) => {
      types.push(type);
      return false;
    };
    const result = await fetchFrom(
      { 'films.example.com': (_request, response) => void response.writeHead(200, { 'content-type': sent }).end('x') },
      { limits: { acceptsType } },
    );
    expect(result).toMatchObject({ ok: false, problem: 'wrong_type', isTransient: false });
    expect(types).toEqual([asked]);
  });

  it('no connection, and what the runtime says about it stays inside', async () => {
    const result = await fetchFrom({});
    expect(result).toMatchObject({ ok: false, problem: 'unreachable', isTransient: true });
    expect(result).toMatchObject({ message: 'films.example.com cannot be reached' });
    expect(JSON.stringify(result)).not.toMatch(/secret|film\.mp4/);
  });

  it('a connection that is closed before the headers', async () => {
    const result = await fetchFrom({ 'films.example.com': (request) => void request.socket.destroy() });
    expect(result).toMatchObject({ ok: false, problem: 'unreachable', isTransient: true });
  });

  it('an error of the caller is not taken for one of the host', async () => {
    const acceptsType = () => {
      throw new RangeError('a fault of ours');
    };
    await expect(fetchFrom({ 'films.example.com': sendsFilm }, { limits: { acceptsType } })).rejects.toThrow(
      RangeError,
    );
  });
});
