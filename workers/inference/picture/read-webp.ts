import type { PictureProblem } from '#shared/rpc/inference.ts';
import type { WebpHeader } from './picture-header.ts';
import { tagAt } from './tag-at.ts';

const CHUNK_HEAD_BYTES = 8;
const ANIMATION_FLAG = 0x02;

export function isWebp(bytes: Uint8Array): boolean {
  return tagAt(bytes, 0) === 'RIFF' && tagAt(bytes, 8) === 'WEBP';
}

/** Walks the chunks of a WebP: one lossy or lossless picture, alone or in an extended file of the same size. */
export function readWebp(bytes: Uint8Array): WebpHeader | PictureProblem {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (view.getUint32(4, true) !== bytes.length - CHUNK_HEAD_BYTES) return 'damaged';
  let canvas: WebpHeader | null = null;
  let picture: WebpHeader | null = null;
  for (let offset = 12; offset < bytes.length; ) {
    if (offset + CHUNK_HEAD_BYTES > bytes.length) return 'damaged';
    const length = view.getUint32(offset + 4, true);
    const end = offset + CHUNK_HEAD_BYTES + length;
    if (end > bytes.length) return 'damaged';
    const tag = tagAt(bytes, offset);
    const contents = bytes.subarray(offset + CHUNK_HEAD_BYTES, end);
    if (tag === 'ANIM' || tag === 'ANMF') return 'not_a_picture';
    if (tag === 'VP8X') {
      if (canvas !== null || picture !== null) return 'damaged';
      canvas = readExtended(contents);
      if (canvas === null) return 'damaged';
      if (((contents[0] ?? 0) & ANIMATION_FLAG) !== 0) return 'not_a_picture';
    }
    if (tag === 'VP8 ' || tag === 'VP8L') {
      if (picture !== null) return 'damaged';
      picture = tag === 'VP8 ' ? readLossy(contents) : readLossless(contents);
      if (picture === null) return 'damaged';
    }
    // Chunks begin at even places.
    offset = end + (length % 2);
  }
  if (picture === null) return 'damaged';
  if (canvas !== null && (canvas.width !== picture.width || canvas.height !== picture.height)) return 'damaged';
  return picture;
}

function readExtended(contents: Uint8Array): WebpHeader | null {
  const [, , , , w0 = 0, w1 = 0, w2 = 0, h0 = 0, h1 = 0, h2] = contents;
  if (h2 === undefined) return null;
  return { format: 'webp', width: 1 + (w0 | (w1 << 8) | (w2 << 16)), height: 1 + (h0 | (h1 << 8) | (h2 << 16)) };
}

/** A VP8 key frame: three bytes of flags and the length of its first part, a start code, two times 14 bits of size. */
function readLossy(contents: Uint8Array): WebpHeader | null {
  const [f0 = 0, f1 = 0, f2 = 0, s0, s1, s2, w0 = 0, w1 = 0, h0 = 0, h1] = contents;
  const firstPartBytes = (f0 | (f1 << 8) | (f2 << 16)) >> 5;
  if (h1 === undefined || (f0 & 1) !== 0 || s0 !== 0x9d || s1 !== 0x01 || s2 !== 0x2a) return null;
  const [width, height] = [(w0 | (w1 << 8)) & 0x3fff, (h0 | (h1 << 8)) & 0x3fff];
  if (width === 0 || height === 0 || firstPartBytes > contents.length - 10) return null;
  return { format: 'webp', width, height };
}

/** A signature, then 14 bits of width less one, 14 of height less one, one for alpha, three for the version. */
function readLossless(contents: Uint8Array): WebpHeader | null {
  const [signature, b0 = 0, b1 = 0, b2 = 0, b3] = contents;
  if (signature !== 0x2f || b3 === undefined || b3 >> 5 !== 0) return null;
  const bits = b0 | (b1 << 8) | (b2 << 16) | (b3 << 24);
  return { format: 'webp', width: 1 + (bits & 0x3fff), height: 1 + ((bits >> 14) & 0x3fff) };
}
