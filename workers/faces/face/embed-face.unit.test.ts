import { expect, test, vi } from 'vitest';
import { cosine } from '#shared/lib/embedding.ts';
import { ALIGNED_SIDE } from './align-face.ts';
import { embedFace } from './embed-face.ts';
import type { FaceNetworks } from './face-networks.ts';

const PLANE = ALIGNED_SIDE * ALIGNED_SIDE;
/** Red grows to the right, green is 127, blue 255. */
const face = { width: ALIGNED_SIDE, height: ALIGNED_SIDE, data: new Float32Array(PLANE * 3) };
for (let i = 0; i < PLANE; i++) face.data.set([i % ALIGNED_SIDE, 127, 255], i * 3);

test('blue first, then green, then red, around 0', async () => {
  const network = vi.fn<FaceNetworks['embedFace']>(async () => Float32Array.of(3, 4));
  expect(await embedFace(face, 'single', { embedFace: network })).toEqual(Float32Array.of(0.6, 0.8));
  const [input] = network.mock.lastCall ?? [];
  expect(network).toHaveBeenCalledOnce();
  expect(input).toHaveLength(3 * PLANE);
  expect([input?.[0], input?.[PLANE], input?.[2 * PLANE], input?.[2 * PLANE + 111]]).toEqual([
    1,
    0,
    -127 / 128,
    -0.125,
  ]);
});

test('flipped: the mirror image is asked for too, and added at its own length', async () => {
  const seen: number[] = [];
  const network: FaceNetworks['embedFace'] = async (input) => {
    seen.push(input[2 * PLANE] ?? 0);
    return seen.length === 1 ? Float32Array.of(3, 0) : Float32Array.of(0, 4);
  };
  expect(await embedFace(face, 'flipped', { embedFace: network })).toEqual(Float32Array.of(0.6, 0.8));
  expect(seen).toEqual([-127 / 128, -0.125]);
});

test.each([[Float32Array.of(0, 0)], [Float32Array.of(Number.NaN, 1)]])('%j points nowhere: refused', async (answer) => {
  await expect(embedFace(face, 'single', { embedFace: async () => answer })).rejects.toThrow('no direction');
});

test('the cosine of two of length 1', () => {
  expect(cosine(Float32Array.of(0.6, 0.8), Float32Array.of(0.8, 0.6))).toBeCloseTo(0.96, 6);
});
