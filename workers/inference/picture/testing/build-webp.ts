import { concat } from './build-png.ts';

/** RIFF over the chunks given. `lie` is added to the size that it states. */
export function webpOf(chunks: Uint8Array[], lie = 0): Uint8Array<ArrayBuffer> {
  const contents = concat([letters('WEBP'), ...chunks]);
  return concat([letters('RIFF'), littleEndian(contents.length + lie), contents]);
}

export function webpChunk(tag: string, contents: ArrayLike<number>): Uint8Array<ArrayBuffer> {
  return concat([letters(tag), littleEndian(contents.length), contents, contents.length % 2 === 1 ? [0] : []]);
}

/** The beginnings of the two kinds of picture, and the chunk that an extended file begins with. */
export function lossyStart({ width = 64, height = 64, frameTag = 0x10, startCode = [0x9d, 1, 0x2a] } = {}) {
  return webpChunk('VP8 ', [frameTag, 0, 0, ...startCode, width & 255, width >> 8, height & 255, height >> 8]);
}

export function losslessStart({ width = 64, height = 64, signature = 0x2f, version = 0 } = {}) {
  const bits = ((width - 1) | ((height - 1) << 14) | (version << 29)) >>> 0;
  return webpChunk('VP8L', [signature, ...littleEndian(bits)]);
}

export function extendedStart({ width = 64, height = 64, flags = 0 } = {}) {
  const [w, h] = [littleEndian(width - 1), littleEndian(height - 1)];
  return webpChunk('VP8X', [flags, 0, 0, 0, ...w.slice(0, 3), ...h.slice(0, 3)]);
}

function littleEndian(value: number): number[] {
  return [value & 255, (value >>> 8) & 255, (value >>> 16) & 255, value >>> 24];
}

function letters(tag: string): number[] {
  return [...tag].map((letter) => letter.charCodeAt(0));
}
