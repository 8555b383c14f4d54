import { Buffer } from 'node:buffer';

// Node 24 has no `Uint8Array.fromBase64` yet.
const fromBase64 = (text: string) => new Uint8Array(Buffer.from(text, 'base64'));

/**
 * 64 x 96 pixels in four quarters, from the top left: red, green, blue, nearly white. Encoded by libvips, so not by what
 * decodes them here.
 */
export const QUARTERS = [
  [200, 40, 40],
  [40, 180, 60],
  [50, 60, 210],
  [230, 230, 230],
] as const;

export const SMALL_JPEG = fromBase64(
  '/9j/2wBDAAYEBQYFBAYGBQYHBwYIChAKCgkJChQODwwQFxQYGBcUFhYaHSUfGhsjHBYWICwgIyYnKSopGR8tMC0oMCUoKSj/2wBDAQcHBwoIChMKChMoGhYaKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCj/wAARCABgAEADAREAAhEBAxEB/8QAFwABAQEBAAAAAAAAAAAAAAAAAAYIB//EABQQAQAAAAAAAAAAAAAAAAAAAAD/xAAZAQEAAwEBAAAAAAAAAAAAAAAABQcIBAb/xAAUEQEAAAAAAAAAAAAAAAAAAAAA/9oADAMBAAIRAxEAPwCKQC2wAAFg5WXwAAEe6moAAAFg5WXwAAEe6moAAAFg5WXwAAEe6moAAAFg5WXwAAEe6moAAAFg5WXwAAEe6moAAAFg5WXwAAHPGgXsgAAG0FTpMAABi9bCMAAAbQVOkwAAGL1sIwAABtBU6TAAAYvWwjAAAG0FTpMAABi9bCMAAAbQVOkwAAGL1sIwAABtBU6TAAAf/9k=',
);
export const SMALL_WEBP = fromBase64(
  'UklGRpYAAABXRUJQVlA4IIoAAAAwBwCdASpAAGAAPm0wlEakIyIhLVmYAIANiUEOADGiCJ+S/kBsSHIvxj/IDkUDv0CTSXtH3joqMLkwFlRuuUkmpgAA/hu493tilwzLuy9a66X92q0xzfVLng3PBueDfmndym0/mQfqAmBqvsfygwGMTE37HrVBZvMwCrlsb7+ga3/OgMMAt0OAAAA=',
);
/** Lossless; here the first quarter is transparent, its red still there. */
export const SMALL_LOSSLESS_WEBP = fromBase64(
  'UklGRkwAAABXRUJQVlA4TEAAAAAvP8AXEB8gECAmFKlSrElN2wYM38DugtBbIEC8yZEmTIeAoOD/6OJNMaQbiARIPOlJT5o4QIro/wQUj74bBn0H',
);
/** An extended file: lossy, with the same transparent quarter in a chunk of its own. */
export const SMALL_EXTENDED_WEBP = fromBase64(
  'UklGRsYAAABXRUJQVlA4WAoAAAAQAAAAPwAAXwAAQUxQSBYAAAABDzD/ERFCLJjMXzqFzoj+TwBUffc/VlA4IIoAAAAwBwCdASpAAGAAPm0wlEakIyIhLVmYAIANiUEOADGiCJ+S/kBsSHIvxj/IDkUDv0CTSXtH3joqMLkwFlRuuUkmpgAA/hu493tilwzLuy9a66X92q0xzfVLng3PBueDfmndym0/mQfqAmBqvsfygwGMTE37HrVBZvMwCrlsb7+ga3/OgMMAt0OAAAA=',
);
