import { beforeAll, describe, expect, it } from 'vitest';
import { ErrorEnvelope } from '#shared/contract/envelope.ts';
import { booksOf, checkBody, crops, frames, PATHS, postCheck } from '#shared/testing/post-check.ts';
import { seedDatabase } from '#shared/testing/seeded-database.ts';
import { picture, stubInference } from '#shared/testing/stub-inference.ts';

beforeAll(seedDatabase);

type Errors = Record<string, string[]>[];

interface Case {
  name: string;
  body: unknown;
  path?: string;
  headers?: Record<string, string>;
  code?: string;
  status?: number;
  errors?: Errors;
  /** `X-Moveris-Model-Resolved`. */
  model?: string | null;
}

const missing = (...fields: string[]): Errors => fields.map((field) => ({ [field]: [`${field} is required`] }));
const withFrame = (place: number, change: object) =>
  frames(10).map((frame, index) => (index === place ? { ...frame, ...change } : frame));
const without = (place: number, member: string) =>
  frames(10).map((frame, index) =>
    index === place ? Object.fromEntries(Object.entries(frame).filter(([name]) => name !== member)) : frame,
  );
const cropsBody = (members: object = {}) => {
  const { frames: _, ...rest } = checkBody();
  return { ...rest, crops: crops(10), ...members };
};
const framesFirst = (count: number) => {
  const { frames: _, ...rest } = checkBody();
  return { frames: frames(count), ...rest };
};
const long = 'x'.repeat(501);

const cases: Case[] = [
  { name: 'nothing at all', body: {}, code: 'missing_field', errors: missing('session_id', 'frames'), model: '10' },
  { name: 'no session', body: { frames: frames(10) }, code: 'missing_field', errors: missing('session_id') },
  {
    name: 'no crops, but frames',
    body: checkBody(),
    path: PATHS.crops,
    code: 'missing_field',
    errors: missing('crops'),
  },
  {
    name: 'a session that is no UUID',
    body: checkBody({ session_id: 'abc' }),
    errors: [{ session_id: ['session_id must be a valid uuid'] }],
  },
  {
    name: 'frames that are no list',
    body: checkBody({ frames: {} }),
    errors: [{ frames: ['frames must be an array'] }],
  },
  { name: 'null for frames', body: checkBody({ frames: null }), errors: [{ frames: ['frames must be an array'] }] },
  { name: 'a list', body: [], errors: [{ body: ['body must be an object'] }], model: null },
  { name: 'a number', body: '7', errors: [{ body: ['body must be an object'] }], model: null },
  {
    name: 'a frame that is null',
    body: checkBody({ frames: [...frames(9), null] }),
    errors: [{ 'frames.9': ['frames.9 must be an object'] }],
  },
  {
    name: 'no pixels',
    body: checkBody({ frames: without(3, 'pixels') }),
    code: 'missing_field',
    errors: missing('frames.3.pixels'),
    model: '10',
  },
  {
    name: 'no timestamp',
    body: checkBody({ frames: without(0, 'timestamp_ms') }),
    code: 'missing_field',
    errors: missing('frames.0.timestamp_ms'),
  },
  {
    name: 'a timestamp before the beginning',
    body: checkBody({ frames: withFrame(2, { timestamp_ms: -1 }) }),
    errors: [{ 'frames.2.timestamp_ms': ['frames.2.timestamp_ms must be at least 0'] }],
  },
  {
    name: 'an index before the beginning',
    body: checkBody({ frames: withFrame(2, { index: -1 }) }),
    errors: [{ 'frames.2.index': ['frames.2.index must be at least 0'] }],
  },
  { name: 'half an index', body: checkBody({ frames: withFrame(2, { index: 0.5 }) }) },
  { name: 'an index in quotes', body: checkBody({ frames: withFrame(2, { index: '2' }) }) },
  {
    name: 'an index twice',
    body: checkBody({ frames: withFrame(3, { index: 1 }) }),
    errors: [{ 'frames.3.index': ['frames.3.index must not come twice: 1'] }],
  },
  {
    name: 'pixels that are no text',
    body: checkBody({ frames: withFrame(3, { pixels: 7 }) }),
    errors: [{ 'frames.3.pixels': ['frames.3.pixels must be a string'] }],
  },
  {
    name: 'several faults, each with its path',
    body: checkBody({ frames: [{ index: 0 }, 7], source: 'tape' }),
    errors: [
      { source: ['source must be one of media, live'] },
      ...missing('frames.0.timestamp_ms', 'frames.0.pixels'),
      { 'frames.1': ['frames.1 must be an object'] },
    ],
  },
  {
    name: 'a crop of another size',
    body: cropsBody({
      crops: crops(10).map((crop, i) => (i === 3 ? { ...crop, pixels: picture('wrong_size') } : crop)),
    }),
    path: PATHS.crops,
    errors: [{ 'crops.3.pixels': ['crops.3.pixels must be a 224x224 picture'] }],
    model: '10',
  },
  {
    name: 'more frames than four times those needed',
    body: checkBody({ frames: frames(41) }),
    errors: [{ frames: ['frames must have at most 40 items'] }],
    model: '10',
  },
  {
    name: 'more frames than four times those needed by a model that comes after them',
    body: framesFirst(41),
    errors: [{ frames: ['frames must have at most 40 items'] }],
    model: '10',
  },
  {
    name: 'more frames than any model takes',
    body: framesFirst(1001),
    errors: [{ frames: ['frames must have at most 1000 items'] }],
    model: null,
  },
  { name: 'an fps of nothing', body: checkBody({ fps: 0 }), errors: [{ fps: ['fps must be more than 0'] }] },
  { name: 'an fps over 120', body: checkBody({ fps: 120.5 }), errors: [{ fps: ['fps must be at most 120'] }] },
  {
    name: 'a hybrid model without fps',
    body: checkBody({ model: 'hybrid-v2-50', frames: frames(50) }),
    code: 'missing_field',
    errors: missing('fps'),
    model: 'hybrid-v2-50',
  },
  { name: 'warnings that are no list', body: checkBody({ warnings: 'dark' }) },
  { name: 'a warning that is a novel', body: checkBody({ warnings: [long] }) },
  { name: 'metadata that is a list', body: checkBody({ metadata: [] }) },
  {
    name: 'much metadata',
    body: checkBody({ metadata: { note: 'ä'.repeat(8200) } }),
    errors: [{ metadata: ['metadata must be at most 16384 bytes of JSON'] }],
  },
  { name: 'diagnostics in words', body: checkBody({ diagnostics: 'yes' }) },
  { name: 'an unknown model', body: checkBody({ model: 'mixed-30-v9' }), code: 'invalid_model', model: null },
  { name: 'a model that is no text', body: checkBody({ model: 10 }), errors: [{ model: ['model must be a string'] }] },
  {
    name: 'a version without frame_count',
    body: checkBody(),
    headers: { 'x-model-version': 'latest' },
    code: 'missing_field',
    errors: missing('frame_count'),
    model: null,
  },
  {
    name: 'a pair that gives no model',
    body: checkBody({ frame_count: 11 }),
    headers: { 'x-model-version': 'latest' },
    code: 'invalid_model',
  },
  {
    name: 'a member twice',
    body: JSON.stringify(checkBody()).replace(/}$/, ',"model":"mixed-10-v2"}'),
    errors: [{ model: ['model must come once'] }],
  },
  { name: 'frames twice', body: JSON.stringify(checkBody()).replace(/}$/, ',"frames":[]}') },
  { name: 'half a body', body: JSON.stringify(checkBody()).slice(0, -20), code: 'invalid_json', model: '10' },
  { name: 'a stray after the body', body: `${JSON.stringify(checkBody())}x`, code: 'invalid_json' },
  { name: 'a byte order mark', body: `\ufeff${JSON.stringify(checkBody())}`, code: 'invalid_json' },
  { name: 'no JSON', body: 'frames=1', code: 'invalid_json' },
  { name: 'JSON that nests without end', body: `{"a":${'['.repeat(9999)}`, code: 'invalid_json' },
  {
    name: 'much beside the frames',
    body: checkBody({ note: 'x'.repeat(70_000) }),
    code: 'payload_too_large',
    status: 413,
  },
  {
    name: 'a form',
    body: 'frames=1',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    code: 'unsupported_media_type',
    status: 415,
  },
];

describe('what is wrong with a check', () => {
  it.each(cases)('$name', async ({ body, path, headers, code = 'validation_error', status = 400, errors, model }) => {
    const before = await booksOf();
    const inference = stubInference();
    const { response, body: answer } = await postCheck(body, { inference, ...(headers && { headers }) }, path);
    expect([response.status, response.headers.get('x-error-code')]).toEqual([status, code]);
    expect(ErrorEnvelope.strict().parse(answer)).toEqual(answer);
    expect(answer.message).toBe(Object.values(answer.errors?.[0] ?? {})[0]?.[0]);
    if (errors) expect(answer.errors).toEqual(errors);
    if (model !== undefined) expect(response.headers.get('x-moveris-model-resolved')).toBe(model);
    expect(inference.judged).toEqual([]);
    expect(await booksOf()).toEqual(before);
  });

  it('names the models, or the pairs, that there are', async () => {
    const byName = await postCheck(checkBody({ model: 'x' }));
    expect(byName.body.message).toContain('mixed-30-v2');
    const byPair = await postCheck(checkBody({ frame_count: 30 }), { headers: { 'x-model-version': 'fast' } });
    expect(byPair.body.message).toContain('fast/10');
    expect(byPair.body.errors).toEqual([{ invalid_model: [byPair.body.message] }]);
  });

  it('is told a hundred times at most', async () => {
    const { body } = await postCheck(checkBody({ model: '50', frames: Array.from({ length: 150 }, () => ({})) }));
    expect(body.errors?.flatMap((entry) => Object.values(entry).flat())).toHaveLength(100);
  });

  it('ends the analysis where it is found', async () => {
    const inference = stubInference();
    await postCheck(checkBody({ frames: withFrame(0, { pixels: 7 }) }), { inference });
    await postCheck({ source: 'tape', ...checkBody() }, { inference });
    await postCheck(checkBody({ model: 'x' }), { inference });
    expect(inference.analysed).toEqual([]);
    const body = cropsBody({ model: '50', crops: [{ index: 0, pixels: picture('wrong_size') }, ...crops(100)] });
    await postCheck(body, { inference }, PATHS.crops);
    expect(inference.pictures().length).toBeLessThan(10);
  });

  it('leaves a picture that is too large out of memory and names it', async () => {
    const body = checkBody({ frames: withFrame(4, { pixels: 'A'.repeat(8 * 1024 * 1024 + 4) }) });
    const { body: answer } = await postCheck(body);
    expect(answer.errors).toEqual([{ 'frames.4.pixels': ['frames.4.pixels must have at most 8388608 characters'] }]);
    const skipped = checkBody({ frames: withFrame(4, { pixels: 'A'.repeat(20 * 1024 * 1024) }) });
    expect((await postCheck(skipped)).body.errors).toEqual(answer.errors);
  });
});

describe('too few frames', () => {
  it('are counted', async () => {
    const { response, body } = await postCheck(checkBody({ frames: frames(5) }));
    const message = 'Insufficient frames. Model "10" requires 10 frames, received 5.';
    expect(body).toEqual({
      data: null,
      success: false,
      message,
      errors: [{ insufficient_frames: [message] }],
      required: 10,
      received: 5,
    });
    expect([response.status, response.headers.get('x-error-code')]).toEqual([400, 'insufficient_frames']);
    expect(response.headers.get('x-moveris-model-resolved')).toBe('10');
  });

  it('are so without those that do not decode, and none is no frame', async () => {
    const broken = [picture('damaged'), picture('not_a_picture'), 'no base64!', ''];
    const some = frames(12).map((frame, i) => ({ ...frame, pixels: broken[i] ?? frame.pixels }));
    const { body } = await postCheck(checkBody({ frames: some }));
    expect(body).toMatchObject({
      message: 'Insufficient frames. Model "10" requires 10 frames, received 8. 4 of 12 frames could not be decoded.',
      received: 8,
    });
    expect((await postCheck(checkBody({ frames: [] }))).body).toMatchObject({ required: 10, received: 0 });
  });

  it('cost nothing and leave the session free', async () => {
    const before = await booksOf();
    const body = checkBody();
    expect((await postCheck({ ...body, frames: frames(9) })).response.status).toBe(400);
    expect(await booksOf()).toEqual(before);
    expect((await postCheck(body)).response.status).toBe(200);
  });

  it('frames that do not decode are left out when enough others are there', async () => {
    const inference = stubInference();
    const some = frames(12).map((frame, i) => (i < 2 ? { ...frame, pixels: picture('damaged') } : frame));
    const { body } = await postCheck(checkBody({ frames: some }), { inference });
    expect(body.data).toMatchObject({ frames_processed: 10 });
    expect(inference.judgedPictures()[0]?.[0]).toBe('frame 2');
  });
});
