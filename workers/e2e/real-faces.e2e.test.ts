import { LivenessClient } from '@moveris/shared';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { animateStill, type StillAttack } from '../../scripts/calibrate/still-attacks.ts';
import { cropsOf, REAL_MEDIA, readFrames, readPicture, toPngBase64 } from '../../shared/testing/real-recordings.ts';
import { startLocalServer } from '../../shared/testing/start-local-server.ts';
import type { RgbaPicture } from '../inference/picture/rgba-picture.ts';

// Real people and what is made of them, through the public API with the real weights.
const COUNT = 10;
const FPS = 10;
const KEY = 'sk-local-acme';

interface Answer {
  data: { verdict: string; real_score: number; warning: string | null; frames_processed: number; input_source: string };
}

let server: Awaited<ReturnType<typeof startLocalServer>>;
let genuine: RgbaPicture[];

beforeAll(async () => {
  server = await startLocalServer();
  genuine = await readFrames(REAL_MEDIA.franck, COUNT, FPS);
});
afterAll(() => server.stop());

async function check(route: 'fast-check' | 'fast-check-crops', pictures: readonly RgbaPicture[]) {
  const pixels = await Promise.all(pictures.map(toPngBase64));
  const frames = pixels.map((text, index) => ({ index, timestamp_ms: (index * 1000) / FPS, pixels: text }));
  const response = await fetch(`${server.baseUrl}/api/v1/${route}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-api-key': KEY },
    body: JSON.stringify({
      session_id: crypto.randomUUID(),
      model: 'mixed-10-v2',
      [route === 'fast-check' ? 'frames' : 'crops']: frames,
    }),
  });
  expect(response.status).toBe(200);
  return ((await response.json()) as Answer).data;
}

describe('a genuine person', () => {
  it('is live by whole frames', async () => {
    expect(await check('fast-check', genuine)).toMatchObject({ verdict: 'live', input_source: 'rest_frames' });
  });

  it('is live by crops with black borders', async () => {
    const result = await check('fast-check-crops', await cropsOf(genuine));
    expect(result).toMatchObject({ verdict: 'live', input_source: 'rest_crops', frames_processed: COUNT });
  });

  it('is live through the public client', async () => {
    const client = new LivenessClient({ apiKey: KEY, baseUrl: server.baseUrl });
    const pixels = await Promise.all(genuine.map(toPngBase64));
    const frames = pixels.map((text, index) => ({ index, timestampMs: index * 100, pixels: text }));
    const byFrames = await client.fastCheck(frames, { modelVersion: 'latest', frameCount: COUNT, source: 'live' });
    expect(byFrames).toMatchObject({ verdict: 'live', framesProcessed: COUNT });
    const crops = await Promise.all((await cropsOf(genuine)).map(toPngBase64));
    const byCrops = await client.fastCheckCrops(
      crops.map((text, index) => ({ index, pixels: text })),
      { modelVersion: 'latest', frameCount: COUNT, source: 'live' },
    );
    expect(byCrops.verdict).toBe('live');
  });
});

describe('one picture of that person', () => {
  const still = () => genuine[0] ?? { width: 0, height: 0, data: new Uint8Array() };

  it('sent ten times is nobody', async () => {
    const result = await check('fast-check', Array(COUNT).fill(still()));
    expect(result).toMatchObject({ verdict: 'fake', real_score: 0 });
    expect(result.warning).toContain('repeat');
  });

  it.each([
    'reencoded',
    'noisy',
    'drifting',
    'zoomed',
    'handheld',
    'flickering',
    'swept by light',
  ] as const satisfies StillAttack[])('%s is fake', async (attack) => {
    const seconds = Array.from({ length: COUNT }, (_, i) => i / FPS);
    const frames = await Array.fromAsync(animateStill(still(), attack, seconds, 7));
    expect((await check('fast-check', frames)).verdict).toBe('fake');
    expect((await check('fast-check-crops', await cropsOf(frames))).verdict).toBe('fake');
  });
});

describe('what is no film of a person', () => {
  it('a painting that is zoomed is fake', async () => {
    const painting = await readPicture(REAL_MEDIA.joconde);
    const seconds = Array.from({ length: COUNT }, (_, i) => i / FPS);
    const frames = await Array.fromAsync(animateStill(painting, 'zoomed', seconds, 3));
    expect((await check('fast-check', frames)).verdict).toBe('fake');
  });

  it('a person who is seen in fewer than half of the frames is fake, and the answer says why', async () => {
    const empty = {
      width: 360,
      height: 288,
      data: new Uint8Array(360 * 288 * 4).map((_, i) => ((i * 7919) % 251) | 3),
    };
    const frames = genuine.map((frame, i) => (i % 5 < 2 ? frame : { ...empty, data: empty.data.map((v) => v ^ i) }));
    const result = await check('fast-check', frames);
    expect(result).toMatchObject({ verdict: 'fake', real_score: 0, frames_processed: COUNT });
    expect(result.warning).toContain('No face');
  });
});
