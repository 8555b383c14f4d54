import { type CapturedFrame, LivenessClient } from '@moveris/shared';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { animateStill } from '../../scripts/calibrate/still-attacks.ts';
import { cropsOf, REAL_MEDIA, readFrames, readPicture, toPngBase64 } from '../../shared/testing/real-recordings.ts';
import { DEV_SERVER_HOOK_MS, type DevServer, startDevServer } from '../../shared/testing/start-dev-server.ts';

// Every method of the client that is in the field, unchanged, against `npm run dev`, with a real person before the camera.
const FPS = 10;
const MOST = 150;
const LATEST_10 = { modelVersion: 'latest', frameCount: 10 } as const;

let server: DevServer;
let client: LivenessClient;
let genuine: CapturedFrame[];
let painted: CapturedFrame[];
let crops: string[];

const realFetch = globalThis.fetch;

function clientWith(apiKey: string, enableRetry = true): LivenessClient {
  const options = { baseUrl: server.baseUrl, customFetch: realFetch, timeout: 120_000, trackClientTime: true };
  return new LivenessClient({ apiKey, enableRetry, ...options });
}

const captured = (pixels: readonly string[]): CapturedFrame[] =>
  pixels.map((text, index) => ({ index, timestampMs: (index * 1000) / FPS, pixels: text, landmarks: null }));

beforeAll(async () => {
  server = await startDevServer();
  // Beside its calls to us it asks a service on the internet where it is, and goes on when it gets no answer.
  vi.stubGlobal('fetch', () => Promise.reject(new Error('there is no internet in this test')));
  client = clientWith('sk-local-acme');
  const film = await readFrames(REAL_MEDIA.franck, MOST, FPS);
  genuine = captured(await Promise.all(film.map(toPngBase64)));
  crops = await Promise.all((await cropsOf(film.slice(0, 10))).map(toPngBase64));
  const seconds = Array.from({ length: 10 }, (_, i) => i / FPS);
  const still = await readPicture(REAL_MEDIA.joconde);
  const attack = await Array.fromAsync(animateStill(still, 'zoomed', seconds, 3));
  painted = captured(await Promise.all(attack.map(toPngBase64)));
}, DEV_SERVER_HOOK_MS);
afterAll(async () => {
  vi.unstubAllGlobals();
  await server.stop();
});

async function ask<Data>(path: string): Promise<Data> {
  const response = await realFetch(`${server.baseUrl}${path}`, { headers: { 'x-api-key': 'sk-local-acme' } });
  return ((await response.json()) as { data: Data }).data;
}

const books = async () => {
  const { totals } = await ask<{ totals: { checks: number; credits: number } }>('/api/v1/usage/summary');
  const { balance } = await ask<{ balance: number }>('/api/v1/credits');
  return { balance, ...totals };
};

describe('a genuine person is live by', () => {
  const film = (count: number) => genuine.slice(0, count);
  it.each([
    ['fastCheck', 10, () => client.fastCheck(film(10), LATEST_10)],
    [
      'fastCheckCrops',
      10,
      () =>
        client.fastCheckCrops(
          crops.map((pixels, index) => ({ index, pixels })),
          LATEST_10,
        ),
    ],
    ['liveCheck', 30, () => client.liveCheck(film(30))],
    ['fastCheckStream', 30, () => client.fastCheckStream(film(30))],
    ['fastCheckStreamSequential', 10, () => client.fastCheckStreamSequential(film(10), LATEST_10)],
    ['verify', 50, () => client.verify(film(50))],
    ['hybridCheck', 50, () => client.hybridCheck(film(50), { fps: FPS })],
    ['hybrid50', 50, () => client.hybrid50(film(50), { fps: FPS })],
    ['hybrid150', 150, () => client.hybrid150(film(150), { fps: FPS })],
  ])('%s', async (_name, framesProcessed, check) => {
    const before = await books();
    expect(await check()).toMatchObject({ verdict: 'live', framesProcessed });
    const after = await books();
    expect([after.checks - before.checks, before.balance - after.balance]).toEqual([1, after.credits - before.credits]);
  });

  it('streamFrame, frame by frame, the last one sent twice', async () => {
    const options = { sessionId: crypto.randomUUID(), ...LATEST_10 };
    const answers = [];
    for (const frame of film(10)) answers.push(await client.streamFrame(frame, options));
    expect(answers.map(({ status, frames_received }) => [status, frames_received])).toEqual(
      Array.from({ length: 10 }, (_, i) => [i < 9 ? 'buffering' : 'complete', i + 1]),
    );
    const before = await books();
    const [last] = film(10).slice(-1);
    if (last) expect(await client.streamFrame(last, options)).toEqual(answers[9]);
    expect(await books()).toEqual(before);
  });

  it('v2Upload in batches, v2FastCheck and v2LiveCheck, with one charge', async () => {
    const before = await books();
    const options = { sessionId: crypto.randomUUID(), ...LATEST_10 };
    const first = await client.v2Upload(genuine.slice(4, 10), { ...options, withLandmarks: true });
    expect(first).toMatchObject({ frames_received: 6, frames_required: 10, is_complete: false, stored_durable: true });
    expect(await client.v2Upload(genuine.slice(0, 5), options)).toMatchObject({
      frames_received: 10,
      is_complete: true,
    });
    const fast = await client.v2FastCheck(options);
    expect(fast).toMatchObject({ verdict: 'live', framesProcessed: 10, sessionId: options.sessionId });
    const live = await client.v2LiveCheck(options);
    expect(live).toMatchObject({ verdict: 'live', realScore: fast.realScore });
    expect(live.diagnostics).not.toBeUndefined();
    expect((await books()).checks - before.checks).toBe(1);
  });

  it('the same whichever way the frames come', async () => {
    const batch = await client.fastCheck(film(10), LATEST_10);
    const inTurn = await client.fastCheckStreamSequential(film(10), LATEST_10);
    const sessionId = crypto.randomUUID();
    await client.v2Upload(film(10), { sessionId, ...LATEST_10 });
    const uploaded = await client.v2FastCheck({ sessionId, ...LATEST_10 });
    expect(inTurn.realScore).toBeCloseTo(batch.realScore ?? -1, 6);
    expect(uploaded.realScore).toBeCloseTo(batch.realScore ?? -1, 6);
  });
});

describe('what is no person is fake by', () => {
  it.each([
    ['fastCheckStream', () => client.fastCheckStream(painted, LATEST_10)],
    ['fastCheck', () => client.fastCheck(painted, LATEST_10)],
    ['fastCheckStream of one picture', () => client.fastCheckStream(genuine.slice(0, 10).map(repeatFirst), LATEST_10)],
  ])('%s', async (_name, check) => {
    expect((await check()).verdict).toBe('fake');
  });

  function repeatFirst(frame: CapturedFrame): CapturedFrame {
    return { ...frame, pixels: genuine[0]?.pixels ?? '' };
  }
});

describe('beside checks', () => {
  it('health, getModels and queueStats answer', async () => {
    expect(await client.health()).toMatchObject({ status: 'healthy' });
    expect(JSON.stringify(await client.getModels())).toContain('mixed-30-v3_1_1');
    expect(await client.queueStats()).toMatchObject({ queue_length: 0, queue_key: 'videos:acme' });
  });

  it('getJobResult, waitForJobResult and postClientTime know a check by its session', async () => {
    const sessionId = crypto.randomUUID();
    const waiting = async () => {
      const [frame] = genuine;
      if (frame) await client.streamFrame(frame, { sessionId, ...LATEST_10 });
      return await client.waitForJobResult(sessionId, 20);
    };
    const [, result] = await Promise.all([
      client.fastCheckStream(genuine.slice(0, 10), { sessionId, ...LATEST_10 }),
      waiting(),
    ]);
    expect(result).toMatchObject({ job_id: sessionId, status: 'complete', verdict: 'live', frames_processed: 10 });
    expect(await client.getJobResult(sessionId)).toEqual(result);
    await client.postClientTime(sessionId, 2345);
    expect(await ask(`/api/v1/verifications/${sessionId}`)).toMatchObject({ client_time: 2345 });
  });
});

describe('the client is told', () => {
  const impatient = (key = 'sk-local-acme') => clientWith(key, false);
  const film = (count: number) => genuine.slice(0, count);
  const sessionId = () => crypto.randomUUID();

  it.each([
    ['of a key that nobody has', 'invalid_key', 401, () => impatient('sk-nobody').fastCheck(film(10), LATEST_10)],
    ['of a missing scope', 'insufficient_scope', 403, () => impatient('sk-local-acme-read').verify(film(50))],
    [
      'of no credits',
      'insufficient_credits',
      402,
      () => impatient('sk-local-broke').fastCheckStream(film(2), LATEST_10),
    ],
    ['of a suspension', 'account_suspended', 402, () => impatient('sk-local-suspended').hybrid50(film(50))],
    [
      'of a version that there is not',
      'invalid_model',
      400,
      () => impatient().fastCheckStream(film(10), { modelVersion: 'latest', frameCount: 11 }),
    ],
    ['of too few frames', 'insufficient_frames', 400, () => impatient().verify(film(49))],
    [
      'of too few uploaded frames',
      'insufficient_frames',
      400,
      async () => {
        const options = { sessionId: sessionId(), ...LATEST_10 };
        await impatient().v2Upload(film(9), options);
        return await impatient().v2FastCheck(options);
      },
    ],
    [
      'of nothing uploaded',
      'insufficient_frames',
      400,
      () => impatient().v2LiveCheck({ sessionId: sessionId(), ...LATEST_10 }),
    ],
    [
      'of an index beyond the model',
      'invalid_frame',
      400,
      () =>
        impatient().streamFrame(
          { index: 10, timestampMs: 0, pixels: crops[0] ?? '' },
          { sessionId: sessionId(), ...LATEST_10 },
        ),
    ],
    [
      'of a frame that is no picture',
      'invalid_frame',
      400,
      () =>
        impatient().streamFrame(
          { index: 0, timestampMs: 0, pixels: btoa('no picture') },
          { sessionId: sessionId(), ...LATEST_10 },
        ),
    ],
    ['of a result that there is not', 'not_found', 404, () => impatient().getJobResult(sessionId())],
    ['of a wait for nothing', 'not_found', 404, () => impatient().waitForJobResult(sessionId(), 1)],
  ])('%s: %s', async (_name, code, statusCode, check) => {
    const before = await books();
    await expect(check()).rejects.toMatchObject({ code, statusCode });
    expect(await books()).toEqual(before);
  });

  it('that a stream is incomplete', async () => {
    await expect(client.fastCheckStream(film(9), LATEST_10)).rejects.toMatchObject({ code: 'stream_incomplete' });
  });
});
