import { setTimeout } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { PublicFetchLimits } from './fetch-public.ts';
import type { FetchPort } from './resolve-host.ts';
import type { Handler } from './testing/local-origins.ts';
import { readAll, readUntilFailure } from './testing/public-fetch-fixtures.ts';
import { FILM_HOST, useFilmHosts } from './testing/use-film-hosts.ts';

const MP4 = { 'content-type': 'video/mp4' };
const { fetchFrom, openFrom, closed, drip } = useFilmHosts();

const drips: Handler = (_request, response) => {
  response.writeHead(200, MP4);
  drip(response);
};

describe('connections', () => {
  it('are closed when the reader turns away', async () => {
    const { body } = await openFrom(drips);
    const reader = body.getReader();
    await reader.read();
    await reader.cancel(new Error('seen enough'));
    expect(await closed()).toBe(false);
  });

  it('are closed when the reader turns away while it waits', async () => {
    const { body } = await openFrom((_request, response) => void response.writeHead(200, MP4).flushHeaders());
    const reader = body.getReader();
    const waiting = reader.read();
    await reader.cancel();
    expect(await waiting).toEqual({ done: true, value: undefined });
    expect(await closed()).toBe(false);
  });

  it.each([
    ['a status that is no film', 404, {}],
    ['a type that is no film', 200, { 'content-type': 'text/html' }],
  ])('are closed at %s', async (_what, status, headers) => {
    const result = await fetchFrom((_request, response) => {
      response.writeHead(status, headers);
      drip(response);
    });
    expect(result.ok).toBe(false);
    expect(await closed()).toBe(false);
  });

  it('are closed at a redirect whose body does not end', async () => {
    const result = await fetchFrom({
      [FILM_HOST]: (_request, response) => {
        response.writeHead(302, { location: 'https://cdn.example.net/' });
        drip(response);
      },
      'cdn.example.net': (_request, response) => void response.writeHead(200, MP4).end('a film'),
    });
    expect(result.ok).toBe(true);
    expect(await closed()).toBe(false);
  });
});

/** A body that ends when it is cancelled and not before: neither an abort nor a closed connection ends it. */
function deafBody() {
  const cancelled = Promise.withResolvers<void>();
  const body = new ReadableStream<Uint8Array>({
    start: (controller) => controller.enqueue(new Uint8Array(600)),
    cancel: () => cancelled.resolve(),
  });
  return { body, cancelled: cancelled.promise };
}

describe('whatever ends it, the body is cancelled and the request aborted', () => {
  it.each<[string, object, Partial<PublicFetchLimits>, (body: ReadableStream<Uint8Array>) => Promise<unknown>]>([
    ['a refusal of the status', { status: 404 }, {}, async () => {}],
    ['a refusal of the length', { headers: { ...MP4, 'content-length': '1001' } }, {}, async () => {}],
    ['the size', { headers: MP4 }, { maxBytes: 599 }, readUntilFailure],
    ['the time', { headers: MP4 }, { totalTimeoutMs: 50 }, readUntilFailure],
    ['the reader', { headers: MP4 }, {}, async (body) => await body.cancel()],
  ])('%s', async (_what, init, limits, end) => {
    const { body, cancelled } = deafBody();
    const signals: (AbortSignal | null | undefined)[] = [];
    const fetch: FetchPort = async (_url, { signal }) => {
      signals.push(signal);
      return new Response(body, init);
    };
    const result = await fetchFrom({}, { limits, fetch });
    if (result.ok) await end(result.body);
    await cancelled;
    expect(signals.map((signal) => signal?.aborted)).toEqual([true]);
  });
});

it('a request whose body was read in time is not aborted later', async () => {
  const totalTimeoutMs = 50;
  const signals: (AbortSignal | null | undefined)[] = [];
  const fetch: FetchPort = async (_url, { signal }) => {
    signals.push(signal);
    return new Response('a film', { headers: MP4 });
  };
  const { body } = await openFrom({}, { limits: { totalTimeoutMs }, fetch });
  expect(await readAll(body)).toHaveLength(6);
  await setTimeout(totalTimeoutMs + 50);
  expect(signals.map((signal) => signal?.aborted)).toEqual([false]);
});

it('reads no further than is asked for', async () => {
  let pulled = 0;
  const endless = new ReadableStream<Uint8Array>(
    {
      pull(controller) {
        pulled++;
        controller.enqueue(new Uint8Array(10));
      },
    },
    { highWaterMark: 0 },
  );
  const fetch = async () => new Response(endless, { headers: MP4 });
  const { body } = await openFrom({}, { fetch });
  const reader = body.getReader();
  await reader.read();
  await reader.read();
  await setTimeout(20);
  expect(pulled).toBe(2);
  await reader.cancel();
});
