import { env } from 'cloudflare:workers';
import { beforeAll, describe, expect, it } from 'vitest';
import { MAX_VIDEO_BYTES } from '#shared/contract/videos.ts';
import type { SubmissionRow } from '#shared/db/submissions.ts';
import { fetchPublic } from '#shared/public-fetch/fetch-public.ts';
import type { FetchPort } from '#shared/public-fetch/resolve-host.ts';
import { resolvingTo } from '#shared/public-fetch/testing/public-fetch-fixtures.ts';
import { seedDatabase } from '#shared/testing/seeded-database.ts';
import {
  booksOf,
  bury,
  deliver,
  filmSubmitted,
  jobServices,
  NOTHING,
  ONE_OF_EACH,
  reread,
} from './testing/film-job.ts';

beforeAll(seedDatabase);

const URL_WITH_SIGNATURE = 'https://films.example.com/private/x.mp4?sig=secret';
const MP4 = { 'content-type': 'video/mp4' };
const pointedAt = (videoUrl = URL_WITH_SIGNATURE) => filmSubmitted({ videoUrl, contentHash: null });
const filmAt =
  (body: BodyInit | null = 'a film', init: ResponseInit = { headers: MP4 }) =>
  () =>
    new Response(body, init);

/** The real rules, before a network of the test's own. */
function fetching(answer: (url: string) => Response | Promise<Response>, addresses: Record<string, string[]> = {}) {
  const asked: string[] = [];
  const fetch: FetchPort = async (url) => {
    asked.push(url);
    return await answer(url);
  };
  const job = jobServices(
    {},
    {},
    {
      fetchPublic: (url, limits) => fetchPublic(url, limits, { fetch, resolveHost: resolvingTo(addresses) }),
    },
  );
  return { ...job, asked };
}

/** What an integrator reads in the end, and that nothing was charged or kept. */
async function refusalOf(row: SubmissionRow, job: ReturnType<typeof fetching>): Promise<string | null> {
  expect(await deliver(job.services, row.id)).toBe('acked');
  const { status, error, videoUrl } = await reread(row);
  expect([status, videoUrl, await booksOf(row)]).toEqual(['failed', null, NOTHING]);
  expect(JSON.stringify([error, job.logged])).not.toMatch(/secret|private/);
  return error;
}

describe('a film that is pointed at', () => {
  it('is fetched, judged and forgotten, with the URL', async () => {
    const row = await pointedAt();
    const { services, asked, clip } = fetching(filmAt('a film from afar'));
    expect(await deliver(services, row.id)).toBe('acked');
    expect(await reread(row)).toMatchObject({ status: 'completed', videoUrl: null });
    expect([asked, clip.bytesRead]).toEqual([[URL_WITH_SIGNATURE], 'a film from afar'.length]);
    expect(await booksOf(row)).toEqual(ONE_OF_EACH);
  });

  it('is fetched anew by each attempt, and none takes it from under another', async () => {
    const row = await pointedAt();
    const first = fetching(filmAt());
    const openClip = async () => {
      throw new Error('the decoder is away');
    };
    expect(await deliver({ ...first.services, openClip }, row.id)).toBe('retried');
    expect((await env.VIDEOS.list({ prefix: row.objectKey })).objects.map(({ key }) => key)).toEqual([
      `${row.objectKey}-1`,
    ]);
    const second = fetching(() => {
      throw new Error('the network is away');
    });
    expect(await deliver(second.services, row.id, { attempts: 2 })).toBe('retried');
    expect((await booksOf(row)).objects).toBe(1);
    expect(await deliver(fetching(filmAt()).services, row.id, { attempts: 3 })).toBe('acked');
    expect(await booksOf(row)).toEqual(ONE_OF_EACH);
  });

  it.each([
    'video/webm',
    'application/octet-stream',
    'binary/octet-stream',
    'application/mp4',
    'application/x-matroska',
  ])('may be of type %s', async (type) => {
    const row = await pointedAt();
    await deliver(fetching(filmAt('a film', { headers: { 'content-type': type } })).services, row.id);
    expect((await reread(row)).status).toBe('completed');
  });

  it('may come without a type', async () => {
    const row = await pointedAt();
    await deliver(fetching(filmAt(new TextEncoder().encode('a film'), {})).services, row.id);
    expect((await reread(row)).status).toBe('completed');
  });
});

describe('one that is not to be had', () => {
  it.each<[string, () => Response, RegExp]>([
    ['a page', filmAt('<html>', { headers: { 'content-type': 'text/html' } }), /films\.example\.com/],
    ['nothing there', filmAt(null, { status: 404 }), /404/],
    ['an error that will stay', filmAt(null, { status: 403 }), /403/],
    [
      'more than there may be, as it says',
      filmAt('x', { headers: { ...MP4, 'content-length': `${MAX_VIDEO_BYTES + 1}` } }),
      /./,
    ],
    [
      'a redirect to a private address',
      filmAt(null, { status: 302, headers: { location: 'https://10.0.0.1/x' } }),
      /./,
    ],
    [
      'a redirect to a name that leads to one',
      filmAt(null, { status: 302, headers: { location: 'https://inside.example.net/' } }),
      /./,
    ],
    [
      'a redirect without https',
      filmAt(null, { status: 302, headers: { location: 'http://films.example.com/x' } }),
      /./,
    ],
  ])('is told of, and not asked for again: %s', async (_name, answer, reason) => {
    const job = fetching(answer, { 'inside.example.net': ['93.184.215.14', '192.168.0.1'] });
    const error = await refusalOf(await pointedAt(), job);
    expect(error).toMatch(/^video_url could not be fetched: /);
    expect(error).toMatch(reason);
    expect(job.asked).toEqual([URL_WITH_SIGNATURE]);
  });

  it.each([
    ['a private address', ['10.1.2.3']],
    ['a public one and a private one', ['93.184.215.14', 'fd00::1']],
    ['a mapped one', ['::ffff:127.0.0.1']],
  ])('because its name leads to %s: it is not even asked', async (_name, addresses) => {
    const job = fetching(filmAt(), { 'films.example.com': addresses });
    expect(await refusalOf(await pointedAt(), job)).toMatch(/films\.example\.com/);
    expect(job.asked).toEqual([]);
  });

  it('because it grows beyond what it may, whatever it said', async () => {
    const endless = new ReadableStream<Uint8Array>({
      pull: (controller) => controller.enqueue(new Uint8Array(5_000_000)),
    });
    const error = await refusalOf(await pointedAt(), fetching(filmAt(endless)));
    expect(error).toMatch(/larger|over|large/);
  });
});

describe('one that may be had later', () => {
  const breakingOff = () =>
    new Response(
      new ReadableStream<Uint8Array>({
        start: (controller) => controller.enqueue(new Uint8Array(100)),
        pull: () => {
          throw new Error('the connection is gone');
        },
      }),
      { headers: MP4 },
    );

  it.each<[string, () => Response]>([
    ['its server has a fault', filmAt(null, { status: 503 })],
    ['it breaks off', breakingOff],
  ])('is tried three times, and then the reason is told: %s', async (_name, answer) => {
    const row = await pointedAt();
    for (const attempts of [1, 2]) {
      const { services, logged } = fetching(answer);
      expect(await deliver(services, row.id, { attempts })).toBe('retried');
      expect(await booksOf(row)).toEqual(NOTHING);
      expect(JSON.stringify(logged)).not.toMatch(/secret|private/);
    }
    expect(await reread(row)).toMatchObject({ status: 'processing', stage: 'fetching', videoUrl: URL_WITH_SIGNATURE });
    const error = await refusalOf(row, fetching(answer));
    expect(error).toMatch(/^video_url could not be fetched: .*films\.example\.com/);
  });

  it('and whose job dies in other ways forgets its URL all the same', async () => {
    const row = await pointedAt();
    expect(await bury(fetching(filmAt()).services, row.id)).toBe('acked');
    expect(await reread(row)).toMatchObject({ status: 'failed', videoUrl: null });
  });
});
