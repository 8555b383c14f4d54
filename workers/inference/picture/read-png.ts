import { crc32 } from 'node:zlib';
import type { PictureProblem } from '#shared/rpc/inference.ts';
import type { PngColourType, PngHeader } from './picture-header.ts';
import { tagAt } from './tag-at.ts';

const SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
/** Length, tag and checksum round the contents of a chunk. */
const CHUNK_FRAME_BYTES = 12;
const IHDR_BYTES = 13;
/** All else is told apart from pixels: colour profiles, text, times. Some of it is compressed, so it can be a bomb. */
const ESSENTIAL = new Set(['IHDR', 'PLTE', 'tRNS', 'IDAT', 'IEND']);
/** Deflate makes at most 1032 bytes of one. */
const MAX_INFLATION = 1032;
/** What a stream that does not compress may add to its contents: an eighth, and a little for the smallest. */
const MAX_OVERHEAD_SHARE = 1 / 8;
const MAX_OVERHEAD_BYTES = 1024;

/** By number; the depths in bits a channel that the standard permits with it. */
const COLOUR_TYPES: Record<number, { colourType: PngColourType; channels: number; bitDepths: number[] }> = {
  0: { colourType: 'grey', channels: 1, bitDepths: [1, 2, 4, 8, 16] },
  2: { colourType: 'rgb', channels: 3, bitDepths: [8, 16] },
  3: { colourType: 'palette', channels: 1, bitDepths: [1, 2, 4, 8] },
  4: { colourType: 'grey-alpha', channels: 2, bitDepths: [8, 16] },
  6: { colourType: 'rgba', channels: 4, bitDepths: [8, 16] },
};

export function isPng(bytes: Uint8Array): boolean {
  return SIGNATURE.every((byte, index) => bytes[index] === byte);
}

/**
 * Walks all chunks of a PNG, to IEND. Of the checksums only that of IHDR is looked at: zlib's own guards the pixels.
 * Bytes after IEND are let be, as by every other reader.
 */
export function readPng(bytes: Uint8Array): PngHeader | PictureProblem {
  const header = readImageHeader(bytes);
  if (header === null) return 'damaged';
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let offset = SIGNATURE.length; offset + CHUNK_FRAME_BYTES <= bytes.length; ) {
    const length = view.getUint32(offset);
    const end = offset + CHUNK_FRAME_BYTES + length;
    if (end > bytes.length) return 'damaged';
    const tag = tagAt(bytes, offset + 4);
    // An animation has no one picture: which of them is seen depends on who decodes.
    if (tag === 'acTL') return 'not_a_picture';
    if (tag === 'IHDR' && header.essentialChunks.length > 0) return 'damaged';
    if (tag === 'tRNS') header.transparencyApart = true;
    if (tag === 'IDAT') header.compressed.push(bytes.subarray(offset + 8, offset + 8 + length));
    if (ESSENTIAL.has(tag)) header.essentialChunks.push(bytes.subarray(offset, end));
    if (tag === 'IEND') return header;
    offset = end;
  }
  return 'damaged';
}

function readImageHeader(bytes: Uint8Array): PngHeader | null {
  const start = SIGNATURE.length;
  const contents = start + 8;
  if (bytes.length < contents + IHDR_BYTES + 4) return null;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (view.getUint32(start) !== IHDR_BYTES || tagAt(bytes, start + 4) !== 'IHDR') return null;
  if (crc32(bytes.subarray(start + 4, contents + IHDR_BYTES)) !== view.getUint32(contents + IHDR_BYTES)) return null;
  const [width, height] = [view.getUint32(contents), view.getUint32(contents + 4)];
  const [bitDepth = 0, type = -1, compression, filter, interlace = -1] = bytes.subarray(contents + 8);
  const colour = COLOUR_TYPES[type];
  if (!colour?.bitDepths.includes(bitDepth)) return null;
  if (width === 0 || height === 0 || compression !== 0 || filter !== 0 || interlace < 0 || interlace > 1) return null;
  return {
    format: 'png',
    width,
    height,
    bitDepth,
    colourType: colour.colourType,
    channels: colour.channels,
    interlaced: interlace === 1,
    transparencyApart: false,
    compressed: [],
    essentialChunks: [],
  };
}

/** Bytes that the zlib stream of a picture without interlacing holds: the rows, each with its filter before it. */
export function inflatedBytes({ width, height, bitDepth, channels }: PngHeader): number {
  return (Math.ceil((width * channels * bitDepth) / 8) + 1) * height;
}

/** Whether this much compressed data can make this picture: not less than deflate needs, nor far more than it writes. */
export function compressionIsCredible(header: PngHeader): boolean {
  const compressed = header.compressed.reduce((total, { length }) => total + length, 0);
  const inflated = inflatedBytes(header);
  const most = inflated * (1 + MAX_OVERHEAD_SHARE) + MAX_OVERHEAD_BYTES;
  return compressed * MAX_INFLATION >= inflated && compressed <= most;
}
