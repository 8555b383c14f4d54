import { expect, test } from 'vitest';
import { floatTensor, onnxFile } from './onnx-fixture.ts';
import { roundWeights } from './round-weights.ts';

test('weights keep so many bits, half is rounded away from zero, and the rest of the file is as it was', () => {
  const exact = [1 + 2 ** -9, 1 + 2 ** -8, -(1 + 3 * 2 ** -9), 0, -0, 1.5, 2 - 2 ** -20];
  const rounded = [1 + 2 ** -8, 1 + 2 ** -8, -(1 + 2 ** -7), 0, -0, 1.5, 2];
  const second = floatTensor([0.375]);
  expect(roundWeights(onnxFile(floatTensor(exact), second), 8)).toEqual(onnxFile(floatTensor(rounded), second));
});

test('every tensor of weights is rounded, and what is made of whole numbers is left alone', () => {
  const shape = { type: 'int64', data: Array(8).fill(255) } as const;
  const [third, almost] = [floatTensor([1 / 3]), floatTensor([5461 / 4096 / 4])];
  expect(roundWeights(onnxFile(third, shape, third), 12)).toEqual(onnxFile(almost, shape, almost));
});

test('the original is not changed, and rounding again changes nothing', () => {
  const before = onnxFile(floatTensor([0.1, 0.2, 0.3]));
  const copy = Uint8Array.from(before);
  const once = roundWeights(before, 12);
  expect(before).toEqual(copy);
  expect(roundWeights(once, 12)).toEqual(once);
});

test.each<[string, Uint8Array, string]>([
  ['nothing', new Uint8Array(), 'no weights'],
  ['a network without weights', onnxFile(), 'no weights'],
  ['text', new TextEncoder().encode('this is no network'), 'not a file of ONNX'],
  ['a file that is cut short', onnxFile(floatTensor([1, 2, 3, 4])).subarray(0, -20), 'not a file of ONNX'],
])('%s is refused', (_what, bytes, message) => {
  expect(() => roundWeights(bytes, 12)).toThrow(message);
});
