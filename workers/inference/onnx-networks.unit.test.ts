import { beforeEach, expect, test, vi } from 'vitest';
import { onnxNetworks } from './onnx-networks.ts';
import type { NamedTensors, Session } from './onnx-runtime.ts';
import type { LoadedKey } from './weights.ts';

const run = vi.hoisted(() => vi.fn());
vi.mock('./onnx-runtime.ts', () => ({ run }));

/** A session is whatever the runtime made; here its name. */
const KEYS: LoadedKey[] = ['face-detector', 'texture-liveness', 'face-landmarks'];
const sessionOf = (key: LoadedKey): Session => JSON.parse(`{"session": "${key}"}`);
const networks = onnxNetworks(new Map(KEYS.map((key) => [key, sessionOf(key)])));
const input = Float32Array.of(1, 2, 3);

function answer(outputs: Record<string, Float32Array>): void {
  const tensors: NamedTensors = {};
  for (const [name, data] of Object.entries(outputs)) tensors[name] = { data, dims: [data.length] };
  run.mockResolvedValue(tensors);
}

beforeEach(() => {
  run.mockReset();
});

test('the detector: its input as one picture of 240 x 320, both outputs', async () => {
  const [scores, boxes] = [new Float32Array(8840).fill(0.5), new Float32Array(17_680).fill(0.25)];
  answer({ scores, boxes });
  expect(await networks.detectFaces(input)).toEqual({ scores, boxes });
  const feeds = { input: { data: input, dims: [1, 3, 240, 320] } };
  expect(run).toHaveBeenCalledExactlyOnceWith(sessionOf('face-detector'), feeds);
});

test('the texture model: three planes of 128, three logits', async () => {
  answer({ output: Float32Array.of(1, -2, 3) });
  expect(await networks.judgeTexture(input)).toEqual(Float32Array.of(1, -2, 3));
  const feeds = { input: { data: input, dims: [1, 3, 128, 128] } };
  expect(run).toHaveBeenCalledExactlyOnceWith(sessionOf('texture-liveness'), feeds);
});

test('the landmarks: one grey plane of 64, 68 points', async () => {
  const output = new Float32Array(136).fill(0.5);
  answer({ output });
  expect(await networks.findLandmarks(input)).toEqual(output);
  const feeds = { input: { data: input, dims: [1, 1, 64, 64] } };
  expect(run).toHaveBeenCalledExactlyOnceWith(sessionOf('face-landmarks'), feeds);
});

test.each<[string, Float32Array]>([
  ['too few', Float32Array.of(1, 2)],
  ['too many', Float32Array.of(1, 2, 3, 4)],
])('%s numbers are refused', async (_, output) => {
  answer({ output });
  await expect(networks.judgeTexture(input)).rejects.toThrow(/output .*3 numbers/);
});

test('an output that is not there is refused', async () => {
  answer({ scores: new Float32Array(8840) });
  await expect(networks.detectFaces(input)).rejects.toThrow(/boxes/);
});

test.each([Number.NaN, Number.POSITIVE_INFINITY])('%d among the numbers is refused', async (value) => {
  answer({ output: Float32Array.of(1, 2, value) });
  await expect(networks.judgeTexture(input)).rejects.toThrow(/not a number/);
});

test('a weight that is not loaded is named', async () => {
  await expect(onnxNetworks(new Map()).findLandmarks(input)).rejects.toThrow(/face-landmarks is not loaded/);
  expect(run).not.toHaveBeenCalled();
});
