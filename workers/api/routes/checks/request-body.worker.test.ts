import { beforeAll, describe, expect, it } from 'vitest';
import type { CheckResult } from '#shared/contract/checks.ts';
import { booksOf, checkBody, crops, frames, inChunks, PATHS, postCheck } from '#shared/testing/post-check.ts';
import { seedDatabase } from '#shared/testing/seeded-database.ts';
import { JUDGEMENT, picture, stubInference } from '#shared/testing/stub-inference.ts';

beforeAll(seedDatabase);

const names = (count: number, what = 'frame') => Array.from({ length: count }, (_, index) => `${what} ${index}`);

describe('a body', () => {
  it.each([1, 7, 100, 100_000])('may come in chunks of %d bytes', async (size) => {
    const inference = stubInference();
    const { body } = await postCheck(inChunks(JSON.stringify(checkBody()), size), { inference });
    expect(body.data).toMatchObject({ verdict: 'live', frames_processed: 10 });
    expect(inference.judgedPictures()).toEqual([names(10)]);
  });

  it('may have its members in any order', async () => {
    const { session_id, model, frames: all } = checkBody({ model: 'mixed-10-v2' });
    for (const body of [
      { frames: all, session_id, model },
      { model, frames: all, session_id: crypto.randomUUID() },
      { session_id: crypto.randomUUID(), frames: all, model },
    ]) {
      const inference = stubInference();
      const { response, body: answer } = await postCheck(JSON.stringify(body), { inference });
      expect(answer.data).toMatchObject({ model: 'mixed-10-v2', session_id: body.session_id });
      expect(response.headers.get('x-moveris-model-resolved')).toBe('mixed-10-v2');
      expect(inference.judgedPictures()).toEqual([names(10)]);
    }
  });

  it('may hold what is not known, and null for what it does not say', async () => {
    const extra = { device_intelligence: { os: 'x' }, warnings: null, bg_segmentation: null, metadata: null };
    const some = frames(10).map((frame) => ({ ...frame, width: 640, meta: { frames: [1] } }));
    expect((await postCheck(checkBody({ ...extra, frames: some }))).body.data).toMatchObject({ warnings: null });
  });

  it('may spell its pictures as data URLs and with escaped slashes', async () => {
    const inference = stubInference();
    // Three bytes that are all slashes in base64.
    const slashes = String.fromCharCode(0xff, 0xff, 0xff);
    const some = frames(10).map((frame, i) => ({
      ...frame,
      pixels: `${i % 2 ? 'data:image/png;base64,' : ''}${btoa(`frame ${i} ${slashes}`)}`,
    }));
    const text = JSON.stringify(checkBody({ frames: some })).replaceAll('/', '\\/');
    expect(text).toContain('\\/\\/');
    const { body } = await postCheck(inChunks(text, 3), { inference });
    expect(body.success).toBe(true);
    expect(inference.pictures()).toHaveLength(10);
    expect(inference.pictures()[3]).toContain('frame 3');
    const sent = inference.analysed.flatMap((request) => request.pictures);
    expect(sent.every(({ bytes }) => bytes.at(-1) === 0xff && bytes.buffer.byteLength === bytes.length)).toBe(true);
  });

  it('that breaks off is refused, costs nothing, and may be sent again', async () => {
    const before = await booksOf();
    const text = JSON.stringify(checkBody());
    const { response } = await postCheck(inChunks(text.slice(0, 700), 50, true));
    expect([response.status, response.headers.get('x-error-code')]).toEqual([400, 'invalid_json']);
    expect(await booksOf()).toEqual(before);
    expect((await postCheck(text)).response.status).toBe(200);
  });

  it('over 100 MB is refused, also when it does not say so, and not read without end', async () => {
    const declared = await postCheck('{}', { headers: { 'content-length': `${101 * 1024 * 1024}` } });
    expect(declared.response.status).toBe(413);
    let sentBytes = 0;
    const chunk = new Uint8Array(1024 * 1024).fill(0x20);
    const endless = new ReadableStream<Uint8Array>({
      pull(controller) {
        sentBytes += chunk.length;
        controller.enqueue(sentBytes === chunk.length ? new TextEncoder().encode('{"frames":[') : chunk);
      },
    });
    const { response } = await postCheck(endless);
    expect([response.status, response.headers.get('x-error-code')]).toEqual([413, 'payload_too_large']);
    expect(sentBytes).toBeLessThan(240 * 1024 * 1024);
  });
});

describe('frames', () => {
  it('are judged in the order of their index, and analysed in the order in which they come', async () => {
    const inference = stubInference();
    const mixed = frames(10).toReversed();
    await postCheck(checkBody({ frames: mixed }), { inference });
    expect(inference.pictures()).toEqual(names(10).toReversed());
    expect(inference.judgedPictures()).toEqual([names(10)]);
    const ordinals = inference.analysed.flatMap((request) => request.pictures.map(({ ordinal }) => ordinal));
    expect(ordinals).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });

  it('beyond those needed are analysed as well', async () => {
    const { body } = await postCheck(checkBody({ frames: frames(40) }));
    expect(body.data).toMatchObject({ frames_processed: 40 });
  });

  it('as crops may share an index, and keep their order then', async () => {
    const inference = stubInference();
    const { frames: _, ...members } = checkBody();
    const doubled = crops(10).map((crop) => ({ ...crop, index: Math.floor(crop.index / 2) }));
    const { body } = await postCheck({ ...members, crops: doubled.toReversed() }, { inference }, PATHS.crops);
    expect(body.success).toBe(true);
    const order = [1, 0, 3, 2, 5, 4, 7, 6, 9, 8].map((index) => `crop ${index}`);
    expect(inference.judgedPictures()).toEqual([order]);
  });

  it('are sent a few at a time, one call after the other, each with the face of the picture before', async () => {
    let running = 0;
    let most = 0;
    const stub = stubInference();
    const inference = stubInference({
      analyseFrames: async (request) => {
        running += 1;
        most = Math.max(most, running);
        await new Promise((resolve) => setTimeout(resolve, 5));
        running -= 1;
        return stub.service.analyseFrames(request);
      },
    });
    await postCheck(checkBody({ frames: frames(30) }), { inference });
    expect(most).toBe(1);
    const sizes = stub.analysed.map(({ pictures }) => pictures.length);
    expect(Math.max(...sizes)).toBe(4);
    expect(stub.analysed.length).toBeLessThan(12);
    expect(stub.analysed[0]?.previousFace).toBeNull();
    expect(stub.analysed[1]?.previousFace).toMatchObject({ contentHash: 'frame 0' });
  });
});

describe('the model', () => {
  it('is "10" when none is named', async () => {
    const { session_id, frames: all } = checkBody();
    const { response, body } = await postCheck({ session_id, frames: all });
    expect([body.success, response.headers.get('x-moveris-model-resolved')]).toEqual([true, '10']);
  });

  it('is chosen by version and frame_count, `model` being ignored then', async () => {
    const inference = stubInference();
    const headers = { 'x-model-version': 'latest' };
    const body = checkBody({ model: { no: 'model' }, frame_count: 30, frames: frames(30) });
    const { response, body: answer } = await postCheck(body, { headers, inference });
    expect(answer.data).toMatchObject({ model: 'mixed-30-v2' });
    expect(response.headers.get('x-moveris-model-resolved')).toBe('mixed-30-v2');
    expect(inference.judged[0]?.model).toBe('mixed-30-v2');
    expect(response.headers.get('deprecation')).toBeNull();
  });

  it.each([
    ['on a verdict', 10, 200],
    ['on an error', 9, 400],
  ])('that is deprecated says so, %s', async (_name, count, status) => {
    const { response } = await postCheck(checkBody({ model: 'mixed-10', frames: frames(count) }));
    expect(response.status).toBe(status);
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'x-moveris-model-resolved': 'mixed-10',
      deprecation: 'true',
      sunset: expect.stringMatching(/^\d{4}-\d\d-\d\d$/),
      'x-moveris-deprecated-model': 'mixed-10',
      'x-moveris-suggested-model': 'mixed-10-v2',
    });
  });

  it('has its price', async () => {
    const before = (await booksOf()).balance ?? 0;
    await postCheck(checkBody({ model: 'mixed-120-v2', frames: frames(120) }));
    expect((await booksOf()).balance).toBe(before - 2);
  });

  it('of the hybrid kind is given the fps', async () => {
    const inference = stubInference();
    await postCheck(checkBody({ model: 'hybrid-v2-50', fps: 29.97, frames: frames(50) }), { inference });
    await postCheck(checkBody(), { inference });
    expect(inference.judged.map(({ fps }) => fps)).toEqual([29.97, null]);
  });
});

describe('the verdict', () => {
  const judging = (realScore: number, warning: string | null = null) =>
    stubInference({
      judge: async () => ({
        ok: true,
        judgement: {
          ...JUDGEMENT,
          realScore,
          warning,
          diagnostics: [{ cue: 'light', value: 0.1, speaksFor: 'neither', advice: 'Face the light.' }],
        },
      }),
    });

  it('is fake below 65, with the warning that comes with it', async () => {
    const { body } = await postCheck(checkBody(), { inference: judging(0.6499, 'No face.') });
    expect(body.data).toMatchObject({ verdict: 'fake', type: 'MEDIUM', real_score: 0.6499, warning: 'No face.' });
  });

  it('is explained to those who ask', async () => {
    const asked = await postCheck(checkBody({ diagnostics: true }), { inference: judging(0.7) });
    const { diagnostics } = asked.body.data as CheckResult;
    expect(diagnostics).toEqual([{ cue: 'light', value: 0.1, speaks_for: 'neither', advice: 'Face the light.' }]);
  });

  it('repeats the session id as it was spelled', async () => {
    const session_id = crypto.randomUUID().toUpperCase();
    expect((await postCheck(checkBody({ session_id }))).body.data).toMatchObject({ session_id });
  });
});

it('a picture is what its base64 says, not how it is wrapped', async () => {
  const body = checkBody();
  const first = await postCheck(body);
  const wrapped = body.frames.map((frame) => ({ ...frame, pixels: `data:image/png;base64,${frame.pixels}` }));
  const again = await postCheck({ ...body, frames: wrapped.toReversed() });
  expect(again.response.headers.get('idempotency-replayed')).toBe('true');
  expect(again.body).toEqual(first.body);
  const other = body.frames.with(0, { index: 0, timestamp_ms: 0, pixels: picture('another') });
  expect((await postCheck({ ...body, frames: other })).response.headers.get('x-error-code')).toBe('session_conflict');
});
