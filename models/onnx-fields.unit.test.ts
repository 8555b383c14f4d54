import { expect, test } from 'vitest';
import { allFields, bytesField, fieldsOf, wholeField } from './onnx-fields.ts';

// One byte holds seven bits: each of these but the first two needs another number of bytes, or is the last of its length.
test.each([0, 1, 127, 128, 300, 16_383, 16_384, 2_097_152])('a whole number is read as it was written: %i', (value) => {
  const field = wholeField(3, value);
  expect(fieldsOf(field, 0, field.length, 3)).toMatchObject([{ number: 3, from: 0, end: field.length, value }]);
});

test.each([0, 1, 127, 128, 20_000])('so are %i bytes', (length) => {
  const content = Uint8Array.from({ length }, (_, i) => i % 256);
  const field = bytesField(20, content);
  const [read] = fieldsOf(field, 0, field.length, 20);
  expect(Uint8Array.from(field.subarray(read?.start, read?.end))).toEqual(content);
  expect(read?.end).toBe(field.length);
});

test('fields follow each other, each with where it begins; those of other numbers are left out', () => {
  const [first, second, third] = [wholeField(1, 300), bytesField(2, Uint8Array.of(9)), wholeField(1, 5)];
  const message = Buffer.concat([first, second, third]);
  const starts = [0, first.length, first.length + second.length];
  expect(allFields(message, 0, message.length).map(({ from }) => from)).toEqual(starts);
  expect(fieldsOf(message, 0, message.length, 1).map(({ value }) => value)).toEqual([300, 5]);
});
