import { InferenceSession, Tensor } from 'onnxruntime-node';
import { expect, test } from 'vitest';
import { exposeTensors } from './expose-tensors.ts';
import { doublingNetwork } from './onnx-fixture.ts';

const SUM = [{ name: 'sum', dims: [3] }];
const network = doublingNetwork(3);

async function answerOf(onnx: Uint8Array, values: readonly number[]): Promise<Record<string, unknown>> {
  const session = await InferenceSession.create(onnx);
  const outputs = await session.run({ x: new Tensor('float32', Float32Array.from(values), [values.length]) });
  return Object.fromEntries(Object.entries(outputs).map(([name, { data }]) => [name, [...(data as Float32Array)]]));
}

test('what was computed on the way is given out, too, and the answer is as it was', async () => {
  expect(await answerOf(network, [1, -2, 3])).toEqual({ y: [2, 0, 6] });
  expect(await answerOf(exposeTensors(network, SUM), [1, -2, 3])).toEqual({ y: [2, 0, 6], sum: [2, -4, 6] });
});

test('the original is not changed, and its weights stay as they were', () => {
  const copy = Uint8Array.from(network);
  exposeTensors(network, SUM);
  expect(network).toEqual(copy);
});

test('a tensor that the network does not compute is refused', () => {
  expect(() => exposeTensors(network, [{ name: 'difference', dims: [3] }])).toThrow('computes no difference');
});

test.each([
  ['nothing', new Uint8Array()],
  ['text', new TextEncoder().encode('this is no network')],
  ['a file that is cut short', network.subarray(0, -20)],
])('%s is refused', (_what, bytes) => {
  expect(() => exposeTensors(bytes, SUM)).toThrow('not a file of ONNX');
});
