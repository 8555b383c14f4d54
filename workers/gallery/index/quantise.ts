import { DIMENSIONS } from '#shared/lib/embedding.ts';

/** A vector in whole numbers: `codes` times `scale` is it but for a rest of length `residual` at most. */
export interface Quantised<Codes> {
  codes: Codes;
  scale: number;
  residual: number;
}

const LARGEST_ROW_CODE = 127;
const LARGEST_QUERY_CODE = 32_767;
/** float32 rounds by 2^-24 of a number at most: twice that, and the rest is no longer than we say. */
const ROUNDED_UP = 1 + 2 ** -23;

/** `scale` and `residual` are stored as float32, so both are numbers of float32 here. */
export function quantiseRow(vector: Float32Array): Quantised<Int8Array> {
  const scale = Math.fround(largestOf(vector) / LARGEST_ROW_CODE);
  // Plain loops here: a shard that wakes up does this for everybody in it.
  const codes = new Int8Array(DIMENSIONS);
  for (let i = 0; i < DIMENSIONS; i++) codes[i] = Math.round((vector[i] ?? 0) / scale);
  return { codes, scale, residual: Math.fround(restOf(vector, codes, scale) * ROUNDED_UP) };
}

/** Sixteen bits: beside a row of eight, what the query loses hardly counts. */
export function quantiseQuery(vector: Float32Array): Quantised<Int16Array> {
  const scale = largestOf(vector) / LARGEST_QUERY_CODE;
  const codes = Int16Array.from(vector, (value) => Math.round(value / scale));
  return { codes, scale, residual: restOf(vector, codes, scale) * ROUNDED_UP };
}

/** A bit a dimension: whether it is above nothing. */
export function signsOf(vector: Float32Array): Uint8Array {
  const signs = new Uint8Array(DIMENSIONS / 8);
  for (let i = 0; i < DIMENSIONS; i++) {
    if ((vector[i] ?? 0) > 0) signs[i >> 3] = (signs[i >> 3] ?? 0) | (1 << (i & 7));
  }
  return signs;
}

function largestOf(vector: Float32Array): number {
  let largest = 0;
  for (let i = 0; i < DIMENSIONS; i++) largest = Math.max(largest, Math.abs(vector[i] ?? 0));
  if (!(largest > 0)) throw new Error('a vector without a direction');
  return largest;
}

function restOf(vector: Float32Array, codes: Int8Array | Int16Array, scale: number): number {
  let sum = 0;
  for (let i = 0; i < DIMENSIONS; i++) {
    const rest = (vector[i] ?? 0) - (codes[i] ?? 0) * scale;
    sum += rest * rest;
  }
  return Math.sqrt(sum);
}
