import { beforeEach, expect, test, vi } from 'vitest';
import { onnxNetworks } from './onnx-networks.ts';
import type { NamedTensors, Session } from './onnx-runtime.ts';
import type { LoadedKey } from './weights.ts';

const run = vi.hoisted(() => vi.fn());
vi.mock('./onnx-runtime.ts', () => ({ run }));

/** A session is whatever the runtime made; here its name. */
const KEYS: LoadedKey[] = ['face-detector', 'texture-liveness', 'texture-recapture', 'face-landmarks'];
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

/** What the texture model gives out: its answer, and its inside for our network to go on from. */
const TEXTURE = {
  output: Float32Array.of(1, -2, 3),
  '440': new Float32Array(64 * 32 * 32).fill(0.5),
  '564': new Float32Array(128 * 8 * 8).fill(-0.5),
};

test('the texture model: three planes of 128, three logits; what it computes on its way goes to ours', async () => {
  answer({ ...TEXTURE, margin: Float32Array.of(1.5) });
  expect(await networks.judgeTexture(input)).toEqual({ liveness: TEXTURE.output, recapture: 1.5 });
  const early = { data: TEXTURE['440'], dims: [1, 64, 32, 32] };
  const late = { data: TEXTURE['564'], dims: [1, 128, 8, 8] };
  expect(run.mock.calls).toEqual([
    [sessionOf('texture-liveness'), { input: { data: input, dims: [1, 3, 128, 128] } }],
    [sessionOf('texture-recapture'), { early, late, logits: { data: TEXTURE.output, dims: [1, 3] } }],
  ]);
});

test.each([
  ['no inside', { ...TEXTURE, '440': new Float32Array() }, /output 440 .*65536 numbers/],
  ['an inside that is no number', { ...TEXTURE, '564': TEXTURE['564'].with(7, Number.NaN) }, /564 .*not a number/],
  ['no margin', { ...TEXTURE, margin: new Float32Array() }, /margin .*1 numbers/],
  ['a margin that is no number', { ...TEXTURE, margin: Float32Array.of(Number.NaN) }, /margin .*not a number/],
])('%s is refused', async (_, outputs, message) => {
  answer({ margin: Float32Array.of(1), ...outputs });
  await expect(networks.judgeTexture(input)).rejects.toThrow(message);
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
