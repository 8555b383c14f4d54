import { beforeAll, describe, expect, it } from 'vitest';
import {
  callFaces,
  enrol,
  type FaceCallOptions,
  type Found,
  newCollection,
  pictures,
  searchBody,
} from '#shared/testing/call-faces.ts';
import { booksOf } from '#shared/testing/post-check.ts';
import { seedDatabase } from '#shared/testing/seeded-database.ts';
import { stubFaces } from '#shared/testing/stub-faces.ts';
import { STUB_BOX, stubInference } from '#shared/testing/stub-inference.ts';

let staff: string;

beforeAll(async () => {
  await seedDatabase();
  staff = await newCollection('staff');
  await enrol(staff, 'ann');
});

const search = (members: Record<string, unknown> = {}, path = '/search', options: FaceCallOptions = {}) =>
  callFaces(path, { body: searchBody(members), ...options });
const found = async (members: Record<string, unknown> = {}) =>
  ((await search(members)).data as Found[]).map(({ name }) => name);

describe('/search/live', () => {
  it('tells how live the images are', async () => {
    const { liveness } = await search({}, '/search/live');
    expect(liveness).toEqual({ verdict: 'live', score: 0.95, min_score: 0.65, advice: null });
  });

  it('searches for nobody where one of the images is not live, and costs the same', async () => {
    const faces = stubFaces();
    const before = await booksOf();
    const images = pictures('ann 9', 'fake ann');
    const answer = await search({ images }, '/search/live', { env: { FACES: faces.service } });
    expect(answer).toMatchObject({
      status: 200,
      data: [],
      liveness: { verdict: 'fake', score: 0.05, min_score: 0.65, advice: 'Face an even light.' },
    });
    expect(faces.requests).toEqual([]);
    expect((await booksOf()).balance).toBe((before.balance ?? 0) - 2);
  });

  it.each([
    [0.95, 'live'],
    [0.96, 'fake'],
  ])('can be told how live they must be: %d', async (liveness_min_score, verdict) => {
    expect((await search({ liveness_min_score }, '/search/live')).liveness).toMatchObject({ verdict });
  });

  it('refuses an image with several faces, of which one might be live and another be found', async () => {
    const images = pictures('several_faces ann');
    const { status, message } = await search({ images }, '/search/live');
    expect([status, message]).toEqual([409, '"images.0" shows several faces, and none of them stands out']);
    expect(await found({ images, collection_id: staff })).toEqual(['ann']);
  });

  it('searches for nobody but whose life was looked at', async () => {
    const box = { x: 300, y: 20, width: 100, height: 120 };
    const stills = [{ ok: true as const, realScore: 0.95, advice: null, box }];
    const { service } = stubInference({ checkStills: async () => ({ ok: true, stills }) });
    const before = await booksOf();
    const { status, message } = await search({}, '/search/live', { env: { INFERENCE: service } });
    expect([status, message]).toEqual([
      409,
      '"images.0" shows several faces, and it cannot be told which of them is meant',
    ]);
    expect(await booksOf()).toEqual(before);
  });

  it('refuses an image without a face', async () => {
    const { status, message } = await search({ images: pictures('no_face') }, '/search/live');
    expect([status, message]).toEqual([409, '"images.0" shows no face']);
  });

  it.each([
    ['no answer', { checkStills: async () => ({ ok: false as const, reason: 'x' }) }],
    ['too few', { checkStills: async () => ({ ok: true as const, stills: [] }) }],
    [
      'no number',
      {
        checkStills: async () => ({
          ok: true as const,
          stills: [{ ok: true as const, realScore: Number.NaN, advice: null, box: STUB_BOX }],
        }),
      },
    ],
  ])('fails closed: %s', async (_what, replaced) => {
    const before = await booksOf();
    const { service } = stubInference(replaced);
    const answer = await search({}, '/search/live', { env: { INFERENCE: service } });
    expect([answer.status, answer.code, answer.data]).toEqual([503, 'ServiceUnavailable', undefined]);
    expect(await booksOf()).toEqual(before);
  });
});
