import { env } from 'cloudflare:workers';
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
import { setBalance } from '#shared/testing/set-balance.ts';
import { stubFaces } from '#shared/testing/stub-faces.ts';
import { stubInference } from '#shared/testing/stub-inference.ts';

const GLOBEX = 'sk-local-globex';
let staff: string;
let guests: string;
let ann: string;

beforeAll(async () => {
  await seedDatabase();
  staff = await newCollection('staff');
  guests = await newCollection('guests');
  ann = await enrol(staff, 'ann');
  await enrol(guests, 'bob');
  await enrol(await newCollection('theirs', { bearer: GLOBEX }), 'ann', undefined, { bearer: GLOBEX });
});

const search = (members: Record<string, unknown> = {}, path = '/search', options: FaceCallOptions = {}) =>
  callFaces(path, { body: searchBody(members), ...options });
const found = async (members: Record<string, unknown> = {}, path = '/search') =>
  ((await search(members, path)).data as Found[]).map(({ name }) => name);

describe.each(['/search', '/search/crops', '/search/live'])('%s', (path) => {
  it('finds who is shown, in the shape of this API', async () => {
    const { status, id, data, signature } = await search({}, path);
    expect([status, data]).toEqual([
      200,
      [
        {
          id: ann,
          name: 'ann',
          score: expect.closeTo(0.95, 1),
          collection_id: staff,
          thumbnails: [
            { id: expect.any(String), thumbnail: btoa('thumbnail of ann 1') },
            { id: expect.any(String), thumbnail: btoa('thumbnail of ann 2') },
          ],
        },
      ],
    ]);
    expect(id).toMatch(/^[0-9a-f-]{36}$/);
    expect(signature?.message).toBe('Certified by Edge Liveness');
    expect(signature?.dateTime).toMatch(/^[A-Z][a-z]+ \d{1,2}, 20\d\d \d{1,2}:\d\d [AP]M$/);
  });

  it('finds nobody who is not enrolled', async () => {
    expect(await found({ images: pictures('zoe 1') }, path)).toEqual([]);
  });

  it.each(['FAST', 'ACCURATE'])('searches %s', async (search_mode) => {
    expect(await found({ search_mode }, path)).toEqual(['ann']);
  });

  it('keeps to the collection that is named, and finds it through several images', async () => {
    expect(await found({ images: pictures('bob 7', 'bob 8'), collection_id: staff }, path)).toEqual([]);
    expect(await found({ images: pictures('bob 7', 'bob 8'), collection_id: guests }, path)).toEqual(['bob']);
  });

  it('takes credits and writes a usage row, both once', async () => {
    const before = await booksOf();
    const { id } = await search({}, path);
    const after = await booksOf();
    const price = path === '/search/live' ? 2 : 1;
    expect([after.balance, after.usageRows]).toEqual([(before.balance ?? 0) - price, (before.usageRows ?? 0) + 1]);
    const usage = await env.DB.prepare('SELECT * FROM usage_events WHERE session_id = ?').bind(id).first();
    expect(usage).toMatchObject({ model: 'face-search', credits: price, frames_processed: 1 });
    expect([usage?.verdict, usage?.score]).toEqual(path === '/search/live' ? ['live', 95] : [null, null]);
  });
});

describe('what is asked of the face Worker', () => {
  it.each([
    ['/search', 'FAST', 'whole', 'single'],
    ['/search', 'ACCURATE', 'whole', 'flipped'],
    ['/search/crops', 'FAST', 'crop', 'single'],
    ['/search/crops', 'ACCURATE', 'crop', 'flipped'],
    ['/search/live', 'ACCURATE', 'whole', 'flipped'],
  ])('%s %s: a %s picture, %s', async (path, search_mode, framing, embedding) => {
    const faces = stubFaces();
    await search({ search_mode }, path, { env: { FACES: faces.service } });
    expect(faces.requests).toMatchObject([{ framing, embedding, thumbnails: 'none' }]);
  });
});

describe('a wrong request', () => {
  it.each([
    ['images', { images: undefined }, '"images" is required'],
    ['images', { images: [] }, '"images" must have at least 1 item'],
    ['images', { images: 'x' }, '"images" must be an array'],
    ['images', { images: Array(11).fill('eA==') }, '"images" must have at most 10 items'],
    ['images', { images: ['eA==', 7] }, '"images.1" must be a string'],
    ['images', { images: ['?'] }, '"images.0" must be base64, a data URL or an HTTPS URL'],
    ['images', { images: ['http://example.com/a.png'] }, '"images.0" must start with https://'],
    ['images', { images: ['https://10.0.0.1/a.png'] }, '"images.0" must name a public host'],
    ['images', { images: pictures('ann 1', 'no_face') }, '"images.1" shows no face'],
    ['images', { images: pictures('not_a_picture') }, '"images.0" is no PNG, JPEG or WebP picture'],
    ['images', { images: pictures('damaged', 'ann 1') }, '"images.0" is a damaged picture'],
    [
      'images',
      { images: pictures('ann 1', 'ann 2', 'bob 1') },
      '"images.2" does not show the same person as the other images',
    ],
    ['min_score', { min_score: undefined }, '"min_score" is required'],
    ['min_score', { min_score: '0.7' }, '"min_score" must be a number'],
    ['min_score', { min_score: 0.19 }, '"min_score" must be at least 0.2'],
    ['min_score', { min_score: 1.01 }, '"min_score" must be at most 1'],
    ['search_mode', { search_mode: undefined }, '"search_mode" is required'],
    ['search_mode', { search_mode: 'fast' }, '"search_mode" must be one of FAST, ACCURATE'],
    ['max_results', { max_results: 0 }, '"max_results" must be at least 1'],
    ['max_results', { max_results: 1.5 }, '"max_results" must be an integer'],
    ['max_results', { max_results: 101 }, '"max_results" must be at most 100'],
    ['collection_id', { collection_id: 'mine' }, '"collection_id" must be a valid uuid'],
  ])('is refused naming the parameter: %s %j', async (_parameter, members, message) => {
    const before = await booksOf();
    const { status, code, message: said, headers } = await search(members);
    expect([status, code, said]).toEqual([409, 'MissingParameter', message]);
    expect(headers.get('content-type')).toContain('application/json');
    expect(await booksOf()).toEqual(before);
  });

  it('has a higher least score for crops', async () => {
    const refused = await search({ min_score: 0.49 }, '/search/crops');
    expect([refused.status, refused.message]).toEqual([409, '"min_score" must be at least 0.5']);
    expect((await search({ min_score: 0.2 })).status).toBe(200);
  });

  it('is no JSON', async () => {
    expect(await callFaces('/search', { body: '{' })).toMatchObject({ status: 409, code: 'MissingParameter' });
    expect(await callFaces('/search', { body: '[]' })).toMatchObject({ status: 409, code: 'MissingParameter' });
  });

  it('is too large', async () => {
    const body = JSON.stringify({ ...searchBody(), images: ['A'.repeat(17 * 2 ** 20)] });
    expect(await callFaces('/search', { body })).toMatchObject({ status: 413, code: 'PayloadTooLarge' });
  });

  it('names a collection that is not there, or another organisation’s', async () => {
    for (const [collection_id, bearer] of [
      [crypto.randomUUID(), undefined],
      [staff, GLOBEX],
    ] as const) {
      const before = await booksOf();
      const answer = await search({ collection_id }, '/search', bearer === undefined ? {} : { bearer });
      expect(answer).toMatchObject({ status: 404, code: 'NotFound', message: 'Collection not found' });
      expect(await booksOf()).toEqual(before);
    }
  });
});

describe('what nobody may find', () => {
  it('is another organisation’s people', async () => {
    const theirs = await search({}, '/search', { bearer: GLOBEX });
    expect((theirs.data as Found[]).map(({ id }) => id)).not.toContain(ann);
    expect(theirs.data).toHaveLength(1);
  });

  it('is whoever is being enrolled or deleted', async () => {
    const kim = await enrol(staff, 'kim');
    const images = pictures('kim 5');
    for (const state of ['enrolling', 'deleting', 'enrolled']) {
      await env.DB.prepare('UPDATE face_persons SET state = ? WHERE id = ?').bind(state, kim).run();
      expect(await found({ images })).toEqual(state === 'enrolled' ? ['kim'] : []);
    }
  });
});

describe('the order and number of results', () => {
  it('is the most similar first, as many as are wanted, all above the least score', async () => {
    const crowd = await newCollection('crowd');
    for (const number of [1, 2, 3]) await enrol(crowd, `ann ${number}`, pictures(`ann ${number}`));
    const all = (await search({ collection_id: crowd, images: pictures('ann 2') })).data as Found[];
    expect(all.map(({ score }) => score)).toEqual(all.map(({ score }) => score).sort((a, b) => b - a));
    expect([all.length, all[0]?.name, all[0]?.score]).toEqual([3, 'ann 2', expect.closeTo(1, 4)]);
    const two = await search({ collection_id: crowd, images: pictures('ann 2'), max_results: 2 });
    expect(two.data).toEqual(all.slice(0, 2));
    const sure = await search({ collection_id: crowd, images: pictures('ann 2'), min_score: 0.99 });
    expect(sure.data).toEqual(all.slice(0, 1));
  });
});

describe('without enough credits', () => {
  it.each([
    ['/search', searchBody()],
    ['/search/crops', searchBody()],
    ['/search/live', searchBody()],
    ['/detect', { images: pictures('ann 1') }],
  ])('%s does no work', async (path, body) => {
    const [faces, inference] = [stubFaces(), stubInference()];
    const options = { bearer: 'sk-local-broke', env: { FACES: faces.service, INFERENCE: inference.service } };
    const answer = await callFaces(path, { body, ...options });
    expect(answer).toMatchObject({ status: 402, code: 'PaymentRequired' });
    expect([faces.requests, inference.checked]).toEqual([[], []]);
  });

  it('nobody is told what could not be paid after all', async () => {
    const faces = stubFaces();
    const spent = {
      ...faces.service,
      readFaces: async (request: Parameters<typeof faces.service.readFaces>[0]) => {
        await setBalance('globex', 0);
        return faces.service.readFaces(request);
      },
    };
    await setBalance('globex', 1);
    const answer = await search({}, '/search', { bearer: GLOBEX, env: { FACES: spent } });
    await setBalance('globex', 1000);
    expect(answer).toMatchObject({ status: 402, code: 'PaymentRequired' });
    expect(answer.data).toBeUndefined();
  });
});

describe('when a Worker behind it fails', () => {
  it.each([
    [
      'the face Worker throws',
      { FACES: stubFaces({ readFaces: async () => Promise.reject(new Error('gone')) }).service },
    ],
    ['it says that it failed', { FACES: stubFaces({ readFaces: async () => ({ ok: false, reason: 'x' }) }).service }],
    ['it says too little', { FACES: stubFaces({ readFaces: async () => ({ ok: true, outcomes: [] }) }).service }],
  ])('nothing is charged and nothing told: %s', async (_what, bindings) => {
    const before = await booksOf();
    const answer = await search({}, '/search', { env: bindings });
    expect([answer.status, answer.code, answer.headers.get('retry-after')]).toEqual([503, 'ServiceUnavailable', '5']);
    expect(JSON.stringify(answer)).not.toContain('gone');
    expect(await booksOf()).toEqual(before);
  });
});

// Last: it leaves an organisation with more than can be searched at once.
it('without a collection all are searched, up to 50', async () => {
  const theirs = { bearer: 'sk-local-globex' };
  const { results } = await env.DB.prepare(
    "SELECT count(*) AS n FROM face_collections WHERE organisation_id = 'a0000000-0000-4000-8000-000000000002'",
  ).all<{ n: number }>();
  for (let n = results[0]?.n ?? 0; n < 50; n++) await newCollection(`c${n}`, theirs);
  expect((await search({}, '/search', theirs)).status).toBe(200);
  await newCollection('one too many', theirs);
  const refused = await search({}, '/search', theirs);
  expect([refused.status, refused.message]).toEqual([
    409,
    '"collection_id" is required: the organisation has more than 50 collections',
  ]);
});
