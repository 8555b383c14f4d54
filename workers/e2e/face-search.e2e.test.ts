import { readFile } from 'node:fs/promises';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { REAL_MEDIA, readFrames, readPicture, realPicture } from '#shared/testing/real-recordings.ts';
import { startLocalServer } from '#shared/testing/start-local-server.ts';
import type { RgbaPicture } from '../inference/picture/rgba-picture.ts';

// Everything as `npm run dev` has it, and real people: real detection, real embeddings, a real gallery.
const PEOPLE = ['franck', 'cap'] as const;
/** Enrolled by one photograph, and looked for by another where there is one. */
const BYSTANDERS = { cage: 'cage.jpg', audrey: 'audrey.jpg', sean: 'SeanConnery.jpg' } as const;
type Person = (typeof PEOPLE)[number];

let server: Awaited<ReturnType<typeof startLocalServer>>;
let token: string;
let collection: string;
/** Frames some seconds apart: first of whom is enrolled, then of whom is looked for; of `cap` those are two recordings. */
const frames = {} as Record<Person, RgbaPicture[]>;
const ids = {} as Record<Person, string>;

interface Answer {
  status: number;
  id?: string;
  data: never;
  signature?: { message: string; dateTime: string };
  liveness?: { verdict: string; score: number };
  message?: string;
  code?: string;
}

async function ask(path: string, body?: unknown, method = body === undefined ? 'GET' : 'POST'): Promise<Answer> {
  const response = await fetch(`${server.baseUrl}/v2/face-recognition${path}`, {
    method,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  return { status: response.status, ...((await response.json()) as Omit<Answer, 'status'>) };
}

async function jpeg({ width, height, data }: RgbaPicture): Promise<Buffer> {
  return await sharp(data, { raw: { width, height, channels: 4 } })
    .removeAlpha()
    .jpeg({ quality: 90 })
    .toBuffer();
}
const base64 = async (picture: RgbaPicture) => (await jpeg(picture)).toString('base64');
const of = (person: Person, ...places: number[]) =>
  Promise.all(places.map(async (place) => await base64(frames[person][place] ?? never())));

function never(): never {
  throw new Error('there is no such frame');
}

async function enrolled(name: string, images: string[]): Promise<string> {
  const { status, data, message } = await ask('/persons', { name, images, collection_id: collection });
  if (status !== 200) throw new Error(`${name}: ${message}`);
  return (data as { id: string }).id;
}

beforeAll(async () => {
  server = await startLocalServer();
  frames.franck = await readFrames(REAL_MEDIA.franck, 8, 0.5);
  frames.cap = [...(await readFrames(REAL_MEDIA.cap12, 4, 0.5)), ...(await readFrames(REAL_MEDIA.cap13, 4, 0.5))];
  const issued = await fetch(`${server.baseUrl}/api/v1/tokens`, {
    method: 'POST',
    headers: { 'x-api-key': 'sk-local-acme', 'content-type': 'application/json' },
    body: '{}',
  });
  token = ((await issued.json()) as { data: { token: string } }).data.token;
  collection = ((await ask('/collections', { name: 'staff' })).data as { id: string }).id;
  for (const person of PEOPLE) {
    ids[person] = await enrolled(person, await of(person, 0, 2));
  }
  for (const [name, file] of Object.entries(BYSTANDERS)) {
    await enrolled(name, [(await readFile(realPicture(file))).toString('base64')]);
  }
});
afterAll(() => server.stop());

interface Candidate {
  id: string;
  name: string;
  score: number;
  thumbnails: { thumbnail: string }[];
}

describe('searching for real people', () => {
  it.each(PEOPLE.flatMap((person) => ['FAST', 'ACCURATE'].map((mode) => [person, mode] as const)))(
    'finds %s, %s, and nobody else',
    async (person, search_mode) => {
      const images = await of(person, 5);
      const { status, data, signature } = await ask('/search', { images, min_score: 0.5, search_mode });
      const candidates = data as Candidate[];
      expect([status, candidates.map(({ name }) => name)]).toEqual([200, [person]]);
      expect(candidates[0]?.score).toBeGreaterThan(0.7);
      expect(signature?.message).toBe('Certified by Edge Liveness');
    },
  );

  it('finds another photograph of somebody, years apart', async () => {
    const images = [(await readFile(realPicture('cage2_crop.jpg'))).toString('base64')];
    const { data } = await ask('/search', { images, min_score: 0.5, search_mode: 'ACCURATE' });
    expect((data as Candidate[]).map(({ name }) => name)).toEqual(['cage']);
  });

  it('shows small pictures of whom it finds', async () => {
    const { data } = await ask('/search', { images: await of('franck', 6), min_score: 0.5, search_mode: 'FAST' });
    const [{ thumbnails } = never()] = data as Candidate[];
    expect(thumbnails).toHaveLength(2);
    for (const { thumbnail } of thumbnails) {
      const { format, width, height } = await sharp(Buffer.from(thumbnail, 'base64')).metadata();
      expect([format, width === height, thumbnail.length < 20_000]).toEqual(['jpeg', true, true]);
    }
  });

  it('finds by a crop that is little more than the face, as `detect` cuts it and tighter', async () => {
    const detected = await ask('/detect', { images: await of('cap', 4) });
    const [{ faces } = never()] = detected.data as { faces: { box: Box; thumbnail: string }[] }[];
    const [{ box, thumbnail } = never()] = faces;
    const picture = frames.cap[4] ?? never();
    const tight = await sharp(await jpeg(picture))
      .extract(within(box, picture))
      .resize(120, 120, { fit: 'fill' })
      .png()
      .toBuffer();
    for (const image of [thumbnail, tight.toString('base64')]) {
      const found = await ask('/search/crops', { images: [image], min_score: 0.5, search_mode: 'ACCURATE' });
      expect([found.message, (found.data as Candidate[])?.map(({ name }) => name)]).toEqual([undefined, ['cap']]);
    }
  });

  it('finds nobody by the face of a painting', async () => {
    const images = [await base64(await readPicture(REAL_MEDIA.joconde))];
    expect(await ask('/search', { images, min_score: 0.5, search_mode: 'ACCURATE' })).toMatchObject({
      status: 200,
      data: [],
    });
  });

  it('refuses a picture without a face, a picture that is none, and two people sent as one', async () => {
    const wall = await sharp({ create: { width: 320, height: 240, channels: 3, background: '#887766' } })
      .png()
      .toBuffer();
    const search = (images: string[]) => ask('/search', { images, min_score: 0.5, search_mode: 'FAST' });
    expect(await search([wall.toString('base64')])).toMatchObject({ status: 409, message: '"images.0" shows no face' });
    expect(await search([btoa('hello')])).toMatchObject({
      status: 409,
      message: '"images.0" is no PNG, JPEG or WebP picture',
    });
    const two = [...(await of('franck', 1)), ...(await of('cap', 5))];
    expect(await search(two)).toMatchObject({
      status: 409,
      message: '"images.1" does not show the same person as the other images',
    });
  });

  it('says whether a probe is live before it says who it is', async () => {
    const images = await of('franck', 3);
    const { status, data, liveness } = await ask('/search/live', { images, min_score: 0.5, search_mode: 'FAST' });
    expect([status, liveness?.verdict, (data as Candidate[]).map(({ name }) => name)]).toEqual([
      200,
      'live',
      ['franck'],
    ]);
  });
});

describe('verifying', () => {
  it.each(PEOPLE)('%s is themselves, and nobody else', async (person) => {
    const images = await of(person, 7);
    for (const other of PEOPLE) {
      const { data } = await ask('/verify', { images, person_id: ids[other] });
      expect([other, (data as { match: boolean }).match]).toEqual([other, other === person]);
    }
  });
});

describe('enrolling', () => {
  it('refuses a group, an image of somebody else, and who is there already', async () => {
    const [left, right] = [frames.cap[1] ?? never(), frames.cap[5] ?? never()];
    const group = await sharp(await jpeg(left))
      .extend({ right: left.width })
      .composite([{ input: await jpeg(right), left: left.width, top: 0 }])
      .jpeg()
      .toBuffer();
    const enrol = (images: string[], more: object = {}) =>
      ask('/persons', { name: 'x', images, collection_id: collection, ...more });
    expect(await enrol([group.toString('base64')])).toMatchObject({
      status: 409,
      message: '"images.0" shows several faces, and none of them stands out',
    });
    const [own = never()] = await of('franck', 1);
    const [other = never()] = await of('cap', 1);
    expect(await enrol([own, other])).toMatchObject({ status: 409, code: 'MissingParameter' });
    expect(await enrol([own], { unique: true })).toMatchObject({
      status: 409,
      code: 'Conflict',
      message: `The person is enrolled already, as ${ids.franck}`,
    });
  });

  it('and deleting leaves nobody to be found', async () => {
    const images = await of('cap', 6);
    const found = async () =>
      ((await ask('/search', { images, min_score: 0.5, search_mode: 'ACCURATE' })).data as Candidate[]).length;
    expect(await found()).toBe(1);
    expect((await ask(`/persons/${ids.cap}`, undefined, 'DELETE')).status).toBe(200);
    expect(await found()).toBe(0);
  });
});

interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

function within({ x, y, width, height }: Box, picture: RgbaPicture) {
  const [left, top] = [Math.max(0, Math.round(x)), Math.max(0, Math.round(y))];
  return {
    left,
    top,
    width: Math.min(Math.round(width), picture.width - left),
    height: Math.min(Math.round(height), picture.height - top),
  };
}
