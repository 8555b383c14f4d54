import { deflateSync } from 'node:zlib';
import { expect, test } from 'vitest';
import type { PngHeader } from './picture-header.ts';
import { decodePlainPng } from './plain-png.ts';

const SIDE = 64;
const ROWS_BYTES = (SIDE * 4 + 1) * SIDE;

const holding = (...compressed: Uint8Array[]): PngHeader => ({
  format: 'png',
  width: SIDE,
  height: SIDE,
  bitDepth: 8,
  colourType: 'rgba',
  channels: 4,
  interlaced: false,
  transparencyApart: false,
  compressed,
  essentialChunks: [],
});
const rows = (bytes: number) => deflateSync(new Uint8Array(bytes));

test('a stream of the right length is a picture, in however many pieces it comes', () => {
  const whole = rows(ROWS_BYTES);
  const picture = { width: SIDE, height: SIDE, data: new Uint8Array(SIDE * SIDE * 4) };
  expect(decodePlainPng(holding(whole))).toEqual(picture);
  expect(decodePlainPng(holding(whole.subarray(0, 5), whole.subarray(5, 6), whole.subarray(6)))).toEqual(picture);
});

test('a bomb is given up at what the header promises, not inflated and then measured', () => {
  expect(() => decodePlainPng(holding(rows(100 * 2 ** 20)))).toThrow(
    expect.objectContaining({ code: 'ERR_BUFFER_TOO_LARGE' }),
  );
});

test.each([
  ['one byte more', rows(ROWS_BYTES + 1)],
  ['one byte less', rows(ROWS_BYTES - 1)],
  ['cut short', rows(ROWS_BYTES).subarray(0, -6)],
  ['without its checksum', rows(ROWS_BYTES).subarray(0, -4)],
  ['with a wrong checksum', rows(ROWS_BYTES).map((byte, at, { length }) => (at === length - 1 ? byte ^ 1 : byte))],
  ['no zlib stream', new Uint8Array(64).fill(7)],
  ['nothing', new Uint8Array(0)],
  ['a filter that is none', deflateSync(new Uint8Array(ROWS_BYTES).fill(9))],
])('refuses %s', (_name, stream) => {
  expect(() => decodePlainPng(holding(stream))).toThrow();
});
