import { beforeAll, describe, expect, it } from 'vitest';
import { ErrorEnvelope } from '#shared/contract/envelope.ts';
import { callJson, type JsonAnswer } from '#shared/testing/call-gateway.ts';
import { ACME, booksOf } from '#shared/testing/post-check.ts';
import { dataOf, STREAM, streamOf } from '#shared/testing/post-frame.ts';
import { seedDatabase } from '#shared/testing/seeded-database.ts';
import { picture } from '#shared/testing/stub-inference.ts';

beforeAll(seedDatabase);

interface Case {
  name: string;
  /** Members that are different; `undefined` leaves one out. */
  different: Record<string, unknown>;
  code?: string;
  errors?: Record<string, string[]>[];
  /** `X-Moveris-Model-Resolved`. */
  model?: string;
}

const missing = (...fields: string[]) => fields.map((field) => ({ [field]: [`${field} is required`] }));
const frame = (different: object) => ({
  frame: { index: 3, timestamp_ms: 300, pixels: picture('frame 3'), ...different },
});
const beyond = (index: number, model: string, maximum = 9) => [
  { invalid_frame: [`Frame index ${index} exceeds maximum ${maximum} for model "${model}"`] },
];
const unreadable = (complaint: string) => [
  { invalid_frame: [`Frame index 3 ${complaint}. It was not counted; send it again.`] },
];

const cases: Case[] = [
  { name: 'no session', different: { session_id: undefined }, code: 'missing_field', errors: missing('session_id') },
  { name: 'no frame', different: { frame: undefined }, code: 'missing_field', errors: missing('frame') },
  { name: 'no index', different: frame({ index: undefined }), code: 'missing_field', errors: missing('frame.index') },
  {
    name: 'no timestamp',
    different: frame({ timestamp_ms: undefined }),
    code: 'missing_field',
    errors: missing('frame.timestamp_ms'),
  },
  {
    name: 'no pixels',
    different: frame({ pixels: undefined }),
    code: 'missing_field',
    errors: missing('frame.pixels'),
  },
  {
    name: 'nothing in the frame',
    different: { frame: {} },
    code: 'missing_field',
    errors: missing('frame.index', 'frame.timestamp_ms', 'frame.pixels'),
  },
  { name: 'a list for a frame', different: { frame: [] }, errors: [{ frame: ['frame must be an object'] }] },
  {
    name: 'a session that is no UUID',
    different: { session_id: 'abc' },
    errors: [{ session_id: ['session_id must be a valid uuid'] }],
  },
  {
    name: 'an index before the beginning',
    different: frame({ index: -1 }),
    errors: [{ 'frame.index': ['frame.index must be at least 0'] }],
  },
  {
    name: 'half an index',
    different: frame({ index: 1.5 }),
    errors: [{ 'frame.index': ['frame.index must be an integer'] }],
  },
  { name: 'an index in quotes', different: frame({ index: '3' }) },
  {
    name: 'a timestamp before the beginning',
    different: frame({ timestamp_ms: -1 }),
    errors: [{ 'frame.timestamp_ms': ['frame.timestamp_ms must be at least 0'] }],
  },
  {
    name: 'pixels that are no text',
    different: frame({ pixels: 7 }),
    errors: [{ 'frame.pixels': ['frame.pixels must be a string'] }],
  },
  {
    name: 'a picture that is too large',
    different: frame({ pixels: 'A'.repeat(8 * 1024 * 1024 + 4) }),
    errors: [{ 'frame.pixels': ['frame.pixels must have at most 8388608 characters'] }],
  },
  { name: 'another kind of source', different: { source: 'tape' } },
  { name: 'an fps of nothing', different: { fps: 0 }, errors: [{ fps: ['fps must be more than 0'] }] },
  {
    name: 'an index beyond the model',
    different: { model: 'mixed-10-v2', ...frame({ index: 10 }) },
    code: 'invalid_frame',
    errors: beyond(10, 'mixed-10-v2'),
    model: 'mixed-10-v2',
  },
  {
    name: 'an index far beyond the model',
    different: { model: '250', ...frame({ index: 1_000_000 }) },
    code: 'invalid_frame',
    errors: beyond(1_000_000, '250', 249),
    model: '250',
  },
  {
    name: 'no base64',
    different: frame({ pixels: 'no base64!' }),
    code: 'invalid_frame',
    errors: unreadable('is no PNG, JPEG or WebP picture'),
    model: '10',
  },
  { name: 'no pixels in the text', different: frame({ pixels: '' }), code: 'invalid_frame', model: '10' },
  {
    name: 'another kind of file',
    different: frame({ pixels: picture('not_a_picture') }),
    code: 'invalid_frame',
    errors: unreadable('is no PNG, JPEG or WebP picture'),
    model: '10',
  },
  {
    name: 'a damaged picture',
    different: frame({ pixels: picture('damaged') }),
    code: 'invalid_frame',
    errors: unreadable('is a damaged picture'),
    model: '10',
  },
  {
    name: 'a picture with too many pixels',
    different: frame({ pixels: picture('too_large') }),
    code: 'invalid_frame',
    errors: unreadable('is too large a picture'),
    model: '10',
  },
  {
    name: 'a picture with too few',
    different: frame({ pixels: picture('too_small') }),
    code: 'invalid_frame',
    errors: unreadable('is too small a picture'),
    model: '10',
  },
];

type Answer = { response: Response; body: JsonAnswer };

function expectRefusal({ response, body }: Answer, status: number, code: string): void {
  expect([response.status, response.headers.get('x-error-code')]).toEqual([status, code]);
  expect(ErrorEnvelope.strict().parse(body)).toEqual(body);
  expect(body.message).toBe(Object.values(body.errors?.[0] ?? {})[0]?.[0]);
}

describe('what is wrong with a frame', () => {
  it.each(cases)('$name', async ({ different, code = 'validation_error', errors, model }) => {
    const before = await booksOf();
    const stream = streamOf();
    await stream.post(0, { model: different.model ?? '10' });
    const refused = await stream.post(3, different);
    expectRefusal(refused, 400, code);
    if (errors) expect(refused.body.errors).toEqual(errors);
    if (model) expect(refused.response.headers.get('x-moveris-model-resolved')).toBe(model);
    // It was not counted, and its place is free.
    const sentAgain = await stream.post(3, { model: different.model ?? '10' });
    expect(dataOf(sentAgain)).toMatchObject({ status: 'buffering', frames_received: 2 });
    expect(await booksOf()).toEqual(before);
  });

  it('a last frame that cannot be read brings no verdict; sent again, it does', async () => {
    const stream = streamOf();
    await stream.postAll(9);
    const broken = { frame: { index: 9, timestamp_ms: 900, pixels: picture('damaged') } };
    expectRefusal(await stream.post(9, broken), 400, 'invalid_frame');
    expect(stream.inference.judged).toEqual([]);
    expect(dataOf(await stream.post(9)).status).toBe('complete');
  });

  it('another picture under an index that is taken', async () => {
    const stream = streamOf();
    await stream.postAll(5);
    const other = { frame: { index: 2, timestamp_ms: 200, pixels: picture('another') } };
    const { analysed } = stream.inference;
    const refused = await stream.post(2, other);
    expectRefusal(refused, 409, 'session_conflict');
    expect(refused.body.message).toContain('Frame index 2');
    expect(refused.response.headers.get('x-moveris-model-resolved')).toBe('10');
    expect(analysed).toHaveLength(5);
    await stream.postAll(10, 5);
    expect(stream.inference.judgedPictures()[0]?.[2]).toBe('frame 2');
  });

  it('two pictures under one index at once: one is counted, and the other refused', async () => {
    const stream = streamOf();
    const pictureOf = (what: string) => ({ frame: { index: 2, timestamp_ms: 200, pixels: picture(what) } });
    const answers = await Promise.all([stream.post(2, pictureOf('one')), stream.post(2, pictureOf('two'))]);
    expect(answers.map(({ response }) => response.status).toSorted()).toEqual([200, 409]);
    expect(dataOf(await stream.post(3))).toMatchObject({ frames_received: 2 });
  });
});

describe('what is no request', () => {
  const post = (body: unknown, headers: Record<string, string> = {}) =>
    callJson(STREAM, { method: 'POST', key: ACME, body, headers });

  it.each<[string, unknown, number, string, Record<string, string>?]>([
    ['no JSON', 'frame=1', 400, 'invalid_json'],
    ['half a body', '{"session_id":"', 400, 'invalid_json'],
    ['no body', '', 400, 'invalid_json'],
    ['a list', [], 400, 'validation_error'],
    ['a form', 'frame=1', 415, 'unsupported_media_type', { 'content-type': 'multipart/form-data' }],
    ['a body over the limit', JSON.stringify({ note: 'x'.repeat(9 * 1024 * 1024) }), 413, 'payload_too_large'],
  ])('%s', async (_name, body, status, code, headers) => {
    expectRefusal(await post(body, headers), status, code);
  });

  it('the largest picture that there may be is let through, with all that may stand beside it', async () => {
    const pixels = 'A'.repeat(8 * 1024 * 1024);
    const different = { frame: { index: 0, timestamp_ms: 0, pixels }, metadata: { note: 'x'.repeat(16_000) } };
    expect(dataOf(await streamOf().post(0, different))).toMatchObject({ status: 'buffering', frames_received: 1 });
  });
});

describe('who may not', () => {
  it.each([
    ['nobody', '', 401, 'invalid_key'],
    ['an unknown key', 'sk-unknown', 401, 'invalid_key'],
    ['a suspended organisation', 'sk-local-suspended', 402, 'account_suspended'],
    ['a key that reads only', 'sk-local-acme-read', 403, 'insufficient_scope'],
  ])('%s', async (_name, key, status, code) => {
    const stream = streamOf();
    const { response } = await stream.post(0, {}, { key });
    expect([response.status, response.headers.get('x-error-code')]).toEqual([status, code]);
    expect(stream.inference.analysed).toEqual([]);
    expect(dataOf(await stream.post(1))).toMatchObject({ frames_received: 1 });
  });
});
