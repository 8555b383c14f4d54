import { expect, it } from 'vitest';
import { EXCERPT_BYTES, excerptOf } from './excerpt.ts';

const encoder = new TextEncoder();

it('is the whole of what is short', () => {
  expect(excerptOf('{"ok":true}')).toBe('{"ok":true}');
  expect(excerptOf(encoder.encode('grün'))).toBe('grün');
  expect(excerptOf(new Uint8Array())).toBe('');
});

it('is the beginning of what is long', () => {
  expect(excerptOf('x'.repeat(5000))).toBe('x'.repeat(EXCERPT_BYTES));
});

it('does not end in half a character', () => {
  const text = `${'x'.repeat(EXCERPT_BYTES - 1)}é and more`;
  expect(excerptOf(text)).toBe('x'.repeat(EXCERPT_BYTES - 1));
  expect(excerptOf(encoder.encode(text).subarray(0, EXCERPT_BYTES))).toBe('x'.repeat(EXCERPT_BYTES - 1));
});

it('is text whatever was sent', () => {
  expect(excerptOf(new Uint8Array([0x61, 0xff, 0x62, 0x00]))).toBe('a\ufffdb\ufffd');
});
