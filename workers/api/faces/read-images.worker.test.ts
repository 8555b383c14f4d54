import { describe, expect, it } from 'vitest';
import { ApiFailure } from '#shared/contract/errors.ts';
import { sha256Hex } from '#shared/lib/hash.ts';
import type { PublicFetchLimits, PublicFetchResult } from '#shared/public-fetch/fetch-public.ts';
import { PublicFetchFailure, refusal } from '#shared/public-fetch/refusal.ts';
import { readImages } from './read-images.ts';

type Fetch = (url: string, limits: PublicFetchLimits) => Promise<PublicFetchResult>;

const nothing: Fetch = async () => {
  throw new Error('nothing was to be fetched');
};
const answering =
  (...chunks: Uint8Array[]): Fetch =>
  async () => ({ ok: true, body: streamOf(chunks), contentType: 'image/png', contentLength: null });

function streamOf(chunks: Uint8Array[], end?: Error): ReadableStream<Uint8Array> {
  const left = [...chunks];
  return new ReadableStream({
    pull(controller) {
      const chunk = left.shift();
      if (chunk) controller.enqueue(chunk);
      else if (end) controller.error(end);
      else controller.close();
    },
  });
}

async function problemsOf(images: string[], fetchPublic: Fetch = nothing) {
  try {
    await readImages({ fetchPublic }, images);
  } catch (error) {
    if (error instanceof ApiFailure && 'fields' in error.error) return error.error.fields;
    throw error;
  }
  return [];
}

describe('images', () => {
  it('are read in order, each by its place, with the digest of its bytes', async () => {
    const images = await readImages({ fetchPublic: answering(Uint8Array.of(1), Uint8Array.of(2, 3)) }, [
      btoa('one'),
      'https://pictures.example.com/a.png?x=1',
      `data:image/png;base64,${btoa('three')}`,
    ]);
    expect(images.map(({ index, bytes }) => [index, [...bytes]])).toEqual([
      [0, [...new TextEncoder().encode('one')]],
      [1, [1, 2, 3]],
      [2, [...new TextEncoder().encode('three')]],
    ]);
    expect(images[0]?.hash).toBe(await sha256Hex('one'));
  });

  it('that are no images are named, all of them, and nothing is fetched', async () => {
    const problems = await problemsOf(['%%', btoa('x'), 'http://a.example.com/', 'https://localhost/', '']);
    expect(problems).toEqual([
      { field: 'images.0', messages: ['images.0 must be base64, a data URL or an HTTPS URL'] },
      { field: 'images.2', messages: ['images.2 must start with https://'] },
      { field: 'images.3', messages: ['images.3 must name a public host'] },
      { field: 'images.4', messages: ['images.4 must be base64, a data URL or an HTTPS URL'] },
    ]);
  });

  it.each(['ftp://a.example.com/x', 'file:///etc/passwd', 'HTTP://169.254.169.254/', 'https://[::1]/x.png'])(
    'are not fetched from %s',
    async (url) => {
      expect(await problemsOf([url])).toHaveLength(1);
    },
  );

  it('that are too large are refused', async () => {
    const large = new Uint8Array(10 * 2 ** 20 + 1).toBase64();
    expect(await problemsOf([large])).toEqual([
      { field: 'images.0', messages: ['images.0 must be at most 10485760 bytes'] },
    ]);
  });
});

describe('an image behind a URL', () => {
  const SIGNED = 'https://pictures.example.com/secret.png?signature=abc';

  it('is taken for a picture by its content type, or for nothing in particular', async () => {
    const asked: PublicFetchLimits[] = [];
    const fetchPublic: Fetch = async (url, limits) => {
      asked.push(limits);
      return await answering(Uint8Array.of(1))(url, limits);
    };
    await readImages({ fetchPublic }, [SIGNED]);
    const accepts = (type: string | null) => asked[0]?.acceptsType(type, new URL(SIGNED));
    expect(['image/png', 'image/webp', 'application/octet-stream', null].map(accepts)).toEqual(Array(4).fill(true));
    expect(['text/html', 'application/json', 'video/mp4'].map(accepts)).toEqual(Array(3).fill(false));
  });

  it('that cannot be fetched is named, without its path', async () => {
    const [problem] = await problemsOf([btoa('x'), SIGNED], async () =>
      refusal('bad_status', 'pictures.example.com said 404'),
    );
    expect(problem).toEqual({
      field: 'images.1',
      messages: ['images.1 could not be fetched: pictures.example.com said 404'],
    });
  });

  it.each([
    ['too long', new PublicFetchFailure(refusal('too_large', 'it is too large')), 'it is too large'],
    ['broken off', new Error('secret detail'), 'the connection broke off'],
  ])('that turns out %s is refused', async (_what, end, reason) => {
    const fetchPublic: Fetch = async () => ({
      ok: true,
      body: streamOf([Uint8Array.of(1)], end),
      contentType: 'image/png',
      contentLength: null,
    });
    expect(await problemsOf([SIGNED], fetchPublic)).toEqual([
      { field: 'images.0', messages: [`images.0 could not be fetched: ${reason}`] },
    ]);
  });

  it('has the room that those before it have left', async () => {
    const rooms: number[] = [];
    const fetchPublic: Fetch = async (url, limits) => {
      rooms.push(limits.maxBytes);
      return await answering(new Uint8Array(9 * 2 ** 20))(url, limits);
    };
    await readImages({ fetchPublic }, [SIGNED, SIGNED, SIGNED]);
    expect(rooms).toEqual([10 * 2 ** 20, 10 * 2 ** 20, 6 * 2 ** 20]);
  });
});
