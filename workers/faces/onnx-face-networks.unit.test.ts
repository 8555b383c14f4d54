import { beforeEach, expect, test, vi } from 'vitest';
import type { Session } from '../inference/onnx-runtime.ts';
import { onnxFaceNetworks } from './onnx-face-networks.ts';
import type { LoadedKey } from './weights.ts';

const run = vi.hoisted(() => vi.fn());
vi.mock('../inference/onnx-runtime.ts', () => ({ run }));

/** A session is whatever the runtime made; here its name. */
const KEYS: LoadedKey[] = ['face-detector', 'face-landmarks', 'face-embedding'];
const sessionOf = (key: LoadedKey): Session => JSON.parse(`{"session": "${key}"}`);
const networks = onnxFaceNetworks(new Map(KEYS.map((key) => [key, sessionOf(key)])));
const input = Float32Array.of(1, 2, 3);

beforeEach(() => {
  run.mockReset();
});

test('the embedding: three planes of 112, 512 numbers', async () => {
  const data = new Float32Array(512).fill(0.5);
  run.mockResolvedValue({ output: { data, dims: [1, 512] } });
  expect(await networks.embedFace(input)).toEqual(data);
  const feeds = { input: { data: input, dims: [1, 3, 112, 112] } };
  expect(run).toHaveBeenCalledExactlyOnceWith(sessionOf('face-embedding'), feeds);
});

test.each([
  ['of another length', new Float32Array(128)],
  ['that holds what is no number', new Float32Array(512).fill(Number.NaN)],
])('one %s is refused', async (_what, data) => {
  run.mockResolvedValue({ output: { data, dims: [1, data.length] } });
  await expect(networks.embedFace(input)).rejects.toThrow('output');
});

test('where the weight is not loaded, it is named', async () => {
  await expect(onnxFaceNetworks(new Map()).embedFace(input)).rejects.toThrow('face-embedding is not loaded');
});
