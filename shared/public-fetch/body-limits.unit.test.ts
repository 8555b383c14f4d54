import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { PublicBody } from './fetch-public.ts';
import { PublicFetchFailure } from './refusal.ts';
import type { Handler } from './testing/local-origins.ts';
import { readAll, readUntilFailure } from './testing/public-fetch-fixtures.ts';
import { FILM, useFilmHosts } from './testing/use-film-hosts.ts';

const MP4 = { 'content-type': 'video/mp4' };
const { fetchFrom, openFrom, asked, closed, drip, later } = useFilmHosts();

const drips: Handler = (_request, response) => {
  response.writeHead(200, MP4);
  drip(response);
};

/** A canned answer, for what a real server cannot send. */
async function openCanned(body: BodyInit | null, headers: Record<string, string>): Promise<PublicBody> {
  return await openFrom({}, { fetch: async () => new Response(body, { headers: { ...MP4, ...headers } }) });
}

async function expectEnd(body: ReadableStream<Uint8Array>, problem: string, isTransient: boolean): Promise<number> {
  const { receivedBytes, failure } = await readUntilFailure(body);
  expect(failure).toBeInstanceOf(PublicFetchFailure);
  expect(failure).toMatchObject({ refusal: { ok: false, problem, isTransient } });
  expect(String(failure)).not.toMatch(/secret|film\.mp4/);
  return receivedBytes;
}

describe('size', () => {
  it('refuses by the announced length, before the body, and closes the connection', async () => {
    const result = await fetchFrom((_request, response) => {
      response.writeHead(200, { ...MP4, 'content-length': 1_001 }).write('a');
    });
    expect(result).toMatchObject({ ok: false, problem: 'too_large', isTransient: false });
    expect(await closed()).toBe(false);
  });

  it('takes exactly the limit, announced or not', async () => {
    const announced = await openFrom((_request, response) => {
      response.writeHead(200, { ...MP4, 'content-length': 1_000 }).end('a'.repeat(1_000));
    });
    expect(await readAll(announced.body)).toHaveLength(1_000);
    const unannounced = await openFrom((_request, response) => {
      response.writeHead(200, MP4).write('a'.repeat(500));
      response.end('a'.repeat(500));
    });
    expect(unannounced.contentLength).toBeNull();
    expect(await readAll(unannounced.body)).toHaveLength(1_000);
  });

  it('ends an endless body of unknown length at the limit, and closes the connection', async () => {
    const { body, contentLength } = await openFrom((_request, response) => {
      response.writeHead(200, MP4);
      const more = () => {
        while (!response.destroyed && response.write('a'.repeat(100)));
      };
      response.on('drain', more);
      more();
    });
    expect(contentLength).toBeNull();
    expect(await expectEnd(body, 'too_large', false)).toBeLessThanOrEqual(1_000);
    expect(await closed()).toBe(false);
  });

  it('does not believe an announcement that is too small', async () => {
    const { body } = await openCanned('a'.repeat(1_001), { 'content-length': '10' });
    await expectEnd(body, 'too_large', false);
  });

  it.each(['-1', 'many', '1e9', '10, 10', '0x10'])('takes the length %j for none', async (contentLength) => {
    const { body, ...head } = await openCanned('a film', { 'content-length': contentLength });
    expect(head.contentLength).toBeNull();
    expect(await readAll(body)).toHaveLength(6);
  });

  it('counts a compressed body unpacked', async () => {
    const bomb = gzipSync(Buffer.alloc(10_000_000));
    const { body, contentLength } = await openFrom(
      (_request, response) => {
        response.writeHead(200, { ...MP4, 'content-encoding': 'gzip', 'content-length': bomb.byteLength }).end(bomb);
      },
      { limits: { maxBytes: 100_000 } },
    );
    expect(contentLength).toBeNull();
    expect(await expectEnd(body, 'too_large', false)).toBeLessThanOrEqual(100_000);
  });

  it('gives an answer without a body as an empty one', async () => {
    expect(await readAll((await openCanned(null, {})).body)).toHaveLength(0);
  });
});

describe('a body that breaks off', () => {
  it('is no whole body', async () => {
    const { body } = await openFrom((_request, response) => {
      response.writeHead(200, { ...MP4, 'content-length': 100 });
      response.write('a film', () => response.destroy());
    });
    expect(await expectEnd(body, 'unreachable', true)).toBe(6);
  });

  it('is none either when the end looks regular', async () => {
    const { body } = await openCanned('a film', { 'content-length': '7' });
    await expectEnd(body, 'unreachable', true);
  });
});

describe('time', () => {
  const limits = { totalTimeoutMs: 100, maxBytes: 1_000_000 };
  const tooSlow = { ok: false, problem: 'too_slow', isTransient: true };

  it('ends while a name is resolved, though the resolver does not listen', async () => {
    const resolveHost = () => new Promise<never>(() => {});
    expect(await fetchFrom({}, { limits, resolveHost })).toEqual({
      ...tooSlow,
      message: 'The URL was not fetched within 100 ms',
    });
  });

  it('ends while headers are awaited, and closes the connection', async () => {
    expect(await fetchFrom(() => {}, { limits })).toMatchObject(tooSlow);
    expect(await closed()).toBe(false);
  });

  it('ends though fetch does not listen', async () => {
    const fetch = () => new Promise<never>(() => {});
    expect(await fetchFrom({}, { limits, fetch })).toMatchObject(tooSlow);
  });

  it('is one span for all hops', async () => {
    const slowly: Handler = (_request, response) => {
      later(() => response.writeHead(302, { location: FILM }).end(), 60);
    };
    expect(await fetchFrom(slowly, { limits: { ...limits, mostRedirects: 10 } })).toMatchObject(tooSlow);
    expect(asked()).toHaveLength(2);
  });

  it('ends a body that drips, and closes the connection', async () => {
    const { body } = await openFrom(drips, { limits });
    expect(await expectEnd(body, 'too_slow', true)).toBeGreaterThan(0);
    expect(await closed()).toBe(false);
  });

  it('ends a body that is silent, also one that does not listen', async () => {
    const fetch = async () => new Response(new ReadableStream(), { headers: MP4 });
    const { body } = await openFrom({}, { limits, fetch });
    await expectEnd(body, 'too_slow', true);
  });

  it('closes the connection of a body that nobody reads', async () => {
    await openFrom(drips, { limits });
    expect(await closed()).toBe(false);
  });
});
