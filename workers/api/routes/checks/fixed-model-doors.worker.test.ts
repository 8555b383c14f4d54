import { env } from 'cloudflare:workers';
import { beforeAll, describe, expect, it } from 'vitest';
import type { HybridResult } from '#shared/contract/checks.ts';
import { call } from '#shared/testing/call-gateway.ts';
import { booksOf, checkBody, frames, postCheck } from '#shared/testing/post-check.ts';
import { seedDatabase } from '#shared/testing/seeded-database.ts';
import { picture, stubInference } from '#shared/testing/stub-inference.ts';

beforeAll(seedDatabase);

interface FixedDoor {
  operation: string;
  path: string;
  model: string;
  count: number;
  isHybrid: boolean;
}

const VERIFY: FixedDoor = { operation: 'verify', path: '/api/v1/verify', model: '50', count: 50, isHybrid: false };
const hybridDoor = (operation: string, path: string, count: 50 | 150): FixedDoor => {
  return { operation, path: `/api/v1/${path}`, model: `hybrid-v2-${count}`, count, isHybrid: true };
};
const HYBRID_50 = hybridDoor('hybrid50', 'hybrid-50', 50);
const HYBRIDS = [hybridDoor('hybridCheck', 'hybrid-check', 50), HYBRID_50, hybridDoor('hybrid150', 'hybrid-150', 150)];
const FIXED = [VERIFY, ...HYBRIDS];

/** As the public SDK puts it together: no model, and frames of a hybrid check have no index. */
function bodyFor({ path, count, isHybrid }: FixedDoor, members: Record<string, unknown> = {}) {
  const rest = { session_id: crypto.randomUUID(), ...(path === VERIFY.path && { ...CAPTURE, fps: 10 }) };
  return isHybrid
    ? { ...rest, fps: 30, frames: withoutIndex(frames(count)), ...members }
    : { ...rest, frames: frames(count), ...members };
}

const CAPTURE = { capture_start_ms: 1_774_620_000_000.5, frame_width: 640, frame_height: 480 };
const withoutIndex = (all: ReturnType<typeof frames>) => all.map(({ index: _, ...frame }) => frame);
const names = (count: number) => Array.from({ length: count }, (_, index) => `frame ${index}`);
const operationsOf = async (sessionId: string) => {
  const rows = await env.DB.prepare('SELECT operation FROM verifications WHERE session_id = ?').bind(sessionId).all();
  return rows.results.map(({ operation }) => operation);
};

type Answer = Awaited<ReturnType<typeof postCheck>>;
const codeOf = ({ response }: Answer) => [response.status, response.headers.get('x-error-code')];
const modelOf = ({ response }: Answer) => response.headers.get('x-moveris-model-resolved');

describe.each(FIXED)('$path', (door) => {
  it('gives a verdict by its model, takes its price and is stored under its name', async () => {
    const before = await booksOf();
    const inference = stubInference();
    const body = bodyFor(door);
    const answer = await postCheck(body, { inference }, door.path);
    expect(codeOf(answer)).toEqual([200, null]);
    expect(answer.body.data).toMatchObject({
      verdict: 'live',
      real_score: 0.95,
      session_id: body.session_id,
      model: door.model,
      input_source: 'rest_frames',
      frames_processed: door.count,
    });
    expect(answer.body.data).not.toHaveProperty('diagnostics');
    expect(modelOf(answer)).toBe(door.model);
    expect(inference.judged.map(({ model, fps }) => [model, fps])).toEqual([[door.model, door.isHybrid ? 30 : 10]]);
    expect(inference.judgedPictures()).toEqual([names(door.count)]);
    expect(await operationsOf(body.session_id)).toEqual([door.operation]);
    const after = await booksOf();
    expect([before.balance, after.usageRows]).toEqual([(after.balance ?? 0) + 1, (before.usageRows ?? 0) + 1]);
  });

  it('looks at no other model, however it is named', async () => {
    for (const other of [{ model: '10' }, { model: 'nonsense', frame_count: 'many' }, { model: 7, frame_count: 30 }]) {
      const answer = await postCheck({ ...other, ...bodyFor(door) }, {}, door.path);
      expect([answer.response.status, modelOf(answer)]).toEqual([200, door.model]);
    }
    const headers = { 'x-model-version': 'fast' };
    const answer = await postCheck(bodyFor(door, { frame_count: 10 }), { headers }, door.path);
    expect([answer.response.status, modelOf(answer)]).toEqual([200, door.model]);
  });

  it('says so in the reference', async () => {
    const { paths } = await (await call('/openapi.json')).json<{ paths: Record<string, { post: unknown }> }>();
    const described = JSON.stringify(paths[door.path]?.post);
    expect(described).toContain('X-Moveris-Model-Resolved');
    expect(described).not.toContain('"name":"X-Model-Version"');
    expect(described).not.toContain('invalid_model');
  });

  it('tells its model on the errors of a body that breaks off', async () => {
    const answer = await postCheck(JSON.stringify(bodyFor(door)).slice(0, -20), {}, door.path);
    expect([codeOf(answer), modelOf(answer)]).toEqual([[400, 'invalid_json'], door.model]);
  });

  it('asks for as many frames as its model needs, and takes four times as many', async () => {
    const few = await postCheck(bodyFor(door, { frames: frames(door.count - 1) }), {}, door.path);
    expect(codeOf(few)).toEqual([400, 'insufficient_frames']);
    expect(few.body).toMatchObject({ required: door.count, received: door.count - 1 });
    expect(modelOf(few)).toBe(door.model);
    const many = await postCheck(bodyFor(door, { frames: frames(4 * door.count + 1) }), {}, door.path);
    expect(many.body.errors).toEqual([{ frames: [`frames must have at most ${4 * door.count} items`] }]);
  });

  it('counts no frame that is no picture', async () => {
    const broken = frames(door.count).map((frame, i) => (i % 10 ? frame : { ...frame, pixels: picture('damaged') }));
    const answer = await postCheck(bodyFor(door, { frames: broken }), {}, door.path);
    expect(codeOf(answer)).toEqual([400, 'insufficient_frames']);
  });

  it('gives the verdict of a session again, and refuses another check under it', async () => {
    const body = bodyFor(door);
    const first = await postCheck(body, {}, door.path);
    const before = await booksOf();
    const again = await postCheck(body, {}, door.path);
    expect(again.body).toEqual(first.body);
    expect(again.response.headers.get('idempotency-replayed')).toBe('true');
    const [head, ...tail] = frames(door.count);
    const other = await postCheck({ ...body, frames: [{ ...head, timestamp_ms: 7 }, ...tail] }, {}, door.path);
    expect(codeOf(other)).toEqual([409, 'session_conflict']);
    expect(await booksOf()).toEqual(before);
  });

  it('is a check of its own beside that of another organisation', async () => {
    const body = bodyFor(door);
    await postCheck(body, {}, door.path);
    const stranger = await postCheck(body, { key: 'sk-local-globex' }, door.path);
    expect([stranger.response.status, stranger.response.headers.get('idempotency-replayed')]).toEqual([200, null]);
  });

  it('analyses nothing that cannot be paid', async () => {
    const inference = stubInference();
    const answer = await postCheck(bodyFor(door), { inference, key: 'sk-local-broke' }, door.path);
    expect(codeOf(answer)).toEqual([402, 'insufficient_credits']);
    expect([modelOf(answer), inference.analysed]).toEqual([door.model, []]);
  });

  it.each([
    ['nothing', {}, 'missing_field'],
    ['no JSON', '{"frames":[', 'invalid_json'],
    ['a list', [], 'validation_error'],
    ['crops', { session_id: crypto.randomUUID(), crops: [] }, 'missing_field'],
  ])('refuses %s', async (_name, body, code) => {
    expect(codeOf(await postCheck(body, {}, door.path))).toEqual([400, code]);
  });

  it.each([
    ['an index twice', { index: 3 }, 'frames.4.index must not come twice: 3'],
    ['an index that no number holds', { index: 2 ** 53 }, 'frames.4.index must be at most 9007199254740991'],
    ['half an index', { index: 0.5 }, 'frames.4.index must be an integer'],
    ['null for an index', { index: null }, 'frames.4.index must be a number'],
    ['no timestamp', { timestamp_ms: undefined }, 'frames.4.timestamp_ms is required'],
    ['no pixels', { pixels: undefined }, 'frames.4.pixels is required'],
  ])('refuses %s', async (_name, change, message) => {
    const all = frames(door.count).map((frame, i) => (i === 4 ? { ...frame, ...change } : frame));
    const inference = stubInference();
    const answer = await postCheck(bodyFor(door, { frames: all }), { inference }, door.path);
    expect([answer.response.status, answer.body.message]).toEqual([400, message]);
    expect(inference.judged).toEqual([]);
  });
});

describe('verify', () => {
  it('needs an index in each frame, and nothing of what it does not use', async () => {
    const [head, ...tail] = frames(50);
    const nameless = { timestamp_ms: head?.timestamp_ms, pixels: head?.pixels };
    const missing = await postCheck(bodyFor(VERIFY, { frames: [nameless, ...tail] }), {}, VERIFY.path);
    expect(missing.body.message).toBe('frames.0.index is required');
    const bare = { session_id: crypto.randomUUID(), frames: frames(50) };
    expect(codeOf(await postCheck(bare, {}, VERIFY.path))).toEqual([200, null]);
  });

  it.each([
    ['capture_start_ms', 'yesterday'],
    ['frame_width', -1],
    ['frame_height', {}],
    ['fps', 121],
  ])('refuses a %s that is none', async (field, value) => {
    const answer = await postCheck(bodyFor(VERIFY, { [field]: value }), {}, VERIFY.path);
    expect([codeOf(answer), Object.keys(answer.body.errors?.[0] ?? {})]).toEqual([[400, 'validation_error'], [field]]);
  });
});

describe.each(HYBRIDS)('$path, for its pulse', (door) => {
  it('tells the two kinds of evidence apart', async () => {
    const { body } = await postCheck(bodyFor(door, { diagnostics: true }), {}, door.path);
    const told = { visual_score: 0.9, physio_extracted: true, diagnostics: [{ cue: 'texture' }] };
    expect(body.data as HybridResult).toMatchObject(told);
  });

  it('needs the fps', async () => {
    const missing = await postCheck(bodyFor(door, { fps: undefined }), {}, door.path);
    expect(codeOf(missing)).toEqual([400, 'missing_field']);
    expect([missing.body.errors, modelOf(missing)]).toEqual([[{ fps: ['fps is required'] }], door.model]);
    for (const fps of [0, -30, 120.5, '30', null]) {
      const wrong = await postCheck(bodyFor(door, { fps }), {}, door.path);
      expect([codeOf(wrong), Object.keys(wrong.body.errors?.[0] ?? {})]).toEqual([[400, 'validation_error'], ['fps']]);
    }
  });
});

describe('frames of a hybrid check', () => {
  const post = async (all: unknown[], sessionId: string = crypto.randomUUID()) => {
    const inference = stubInference();
    const body = { session_id: sessionId, fps: 30, frames: all };
    return { inference, answer: await postCheck(body, { inference }, HYBRID_50.path) };
  };

  it('without an index come in the order of the array', async () => {
    const { inference, answer } = await post(withoutIndex(frames(50).toReversed()));
    expect(answer.response.status).toBe(200);
    expect(inference.judgedPictures()).toEqual([names(50).toReversed()]);
  });

  it('with one come in its order', async () => {
    const { inference, answer } = await post(frames(50).toReversed());
    expect(answer.response.status).toBe(200);
    expect(inference.judgedPictures()).toEqual([names(50)]);
  });

  it('are the same check either way, if the order is the same', async () => {
    const sessionId = crypto.randomUUID();
    const first = await post(frames(50), sessionId);
    const again = await post(withoutIndex(frames(50)), sessionId);
    expect(again.answer.body).toEqual(first.answer.body);
    expect(again.answer.response.headers.get('idempotency-replayed')).toBe('true');
  });

  it('have an index all of them or none', async () => {
    const numbered = frames(50);
    const bare = withoutIndex(numbered);
    const message = 'must be given in all frames or in none';
    const late = await post([...bare.slice(0, 40), ...numbered.slice(40)]);
    expect(late.answer.body.message).toBe(`frames.40.index ${message}`);
    const early = await post([...numbered.slice(0, 1), ...bare.slice(1)]);
    expect(early.answer.body.message).toBe(`frames.1.index ${message}`);
    expect(codeOf(early.answer)).toEqual([400, 'validation_error']);
    expect([...late.inference.judged, ...early.inference.judged]).toEqual([]);
  });
});

it('each of the doors counts a session by itself', async () => {
  const sessionId = crypto.randomUUID();
  const before = await booksOf();
  await postCheck(checkBody({ session_id: sessionId }));
  await postCheck(checkBody({ session_id: sessionId }), {}, '/api/v1/live-check');
  for (const door of FIXED) await postCheck(bodyFor(door, { session_id: sessionId }), {}, door.path);
  const operations = ['fastCheck', 'liveCheck', ...FIXED.map(({ operation }) => operation)];
  expect((await operationsOf(sessionId)).sort()).toEqual(operations.sort());
  expect((await booksOf()).balance).toBe((before.balance ?? 0) - operations.length);
});
