import { crc32, deflateSync } from 'node:zlib';

/** A PNG to be written: what the tests compare the decoder with, so it follows the standard's own words, not our decoder. */
export interface PngPlan {
  width: number;
  height: number;
  bitDepth: number;
  /** Numbers of the standard: 0 grey, 2 RGB, 3 palette, 4 grey and alpha, 6 RGBA. */
  colourType: number;
  sample: (x: number, y: number, channel: number) => number;
  /** Of a row; none unless told. */
  filter?: (y: number) => number;
  interlaced?: boolean;
  palette?: number[];
  transparency?: number[];
  /** Bytes of the zlib stream in one IDAT; all of them unless told. */
  idatBytes?: number;
}

export const CHANNELS: Record<number, number> = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 };
const SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
/** Adam7: first column and row of each pass, and the steps. */
const PASSES = [
  [0, 0, 8, 8],
  [4, 0, 8, 8],
  [0, 4, 4, 8],
  [2, 0, 4, 4],
  [0, 2, 2, 4],
  [1, 0, 2, 2],
  [0, 1, 1, 2],
] as const;

export function buildPng(plan: PngPlan): Uint8Array<ArrayBuffer> {
  const stream = deflateSync(filteredRows(plan));
  const step = plan.idatBytes ?? stream.length;
  const chunks = [imageHeader(plan)];
  if (plan.palette) chunks.push(pngChunk('PLTE', plan.palette));
  if (plan.transparency) chunks.push(pngChunk('tRNS', plan.transparency));
  for (let start = 0; start < stream.length; start += step)
    chunks.push(pngChunk('IDAT', stream.subarray(start, start + step)));
  return pngOf([...chunks, pngChunk('IEND', [])]);
}

export function pngOf(chunks: Uint8Array[]): Uint8Array<ArrayBuffer> {
  return concat([SIGNATURE, ...chunks]);
}

export function pngChunk(tag: string, contents: ArrayLike<number>): Uint8Array<ArrayBuffer> {
  const tagged = concat([[...tag].map((letter) => letter.charCodeAt(0)), contents]);
  return concat([bigEndian(contents.length), tagged, bigEndian(crc32(tagged))]);
}

export function imageHeader(plan: Partial<PngPlan>, compression = 0, filter = 0, interlace?: number) {
  const { width = 64, height = 64, bitDepth = 8, colourType = 6, interlaced = false } = plan;
  const flags = [bitDepth, colourType, compression, filter, interlace ?? (interlaced ? 1 : 0)];
  return pngChunk('IHDR', [...bigEndian(width), ...bigEndian(height), ...flags]);
}

export function bigEndian(value: number): number[] {
  return [value >>> 24, (value >>> 16) & 255, (value >>> 8) & 255, value & 255];
}

export function concat(pieces: ArrayLike<number>[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(pieces.reduce((total, { length }) => total + length, 0));
  let offset = 0;
  for (const piece of pieces) {
    whole.set(piece, offset);
    offset += piece.length;
  }
  return whole;
}

/** All that the zlib stream holds: the rows of each pass, filtered, with the filter's number in front. */
function filteredRows(plan: PngPlan): Uint8Array<ArrayBuffer> {
  const channels = CHANNELS[plan.colourType] ?? 0;
  const pixelBytes = Math.max(1, (channels * plan.bitDepth) / 8);
  const rows: number[][] = [];
  for (const [x0, y0, dx, dy] of plan.interlaced ? PASSES : [[0, 0, 1, 1] as const]) {
    let above: number[] | null = null;
    for (let y = y0; y < plan.height; y += dy) {
      const row = packedRow(plan, channels, x0, dx, y);
      const filter = plan.filter?.(y) ?? 0;
      if (row.length > 0) rows.push([filter, ...filterRow(filter, row, above, pixelBytes)]);
      above = row;
    }
  }
  return concat(rows);
}

function packedRow(plan: PngPlan, channels: number, x0: number, dx: number, y: number): number[] {
  const bits: number[] = [];
  for (let x = x0; x < plan.width; x += dx)
    for (let channel = 0; channel < channels; channel++) {
      const value = plan.sample(x, y, channel);
      for (let bit = plan.bitDepth - 1; bit >= 0; bit--) bits.push((value >> bit) & 1);
    }
  const bytes = new Array<number>(Math.ceil(bits.length / 8)).fill(0);
  for (const [at, bit] of bits.entries()) bytes[at >> 3] = (bytes[at >> 3] ?? 0) | (bit << (7 - (at & 7)));
  return bytes;
}

/** Chapter 9 of the PNG specification. */
export function filterRow(filter: number, row: number[], above: number[] | null, pixelBytes: number): number[] {
  return row.map((value, at) => {
    const left = row[at - pixelBytes] ?? 0;
    const up = above?.[at] ?? 0;
    const corner = above?.[at - pixelBytes] ?? 0;
    const guesses = [0, left, up, Math.floor((left + up) / 2), paethPredictor(left, up, corner)];
    return (value - (guesses[filter] ?? 0)) & 255;
  });
}

function paethPredictor(a: number, b: number, c: number): number {
  const p = a + b - c;
  const [pa, pb, pc] = [Math.abs(p - a), Math.abs(p - b), Math.abs(p - c)];
  if (pa <= pb && pa <= pc) return a;
  return pb <= pc ? b : c;
}
