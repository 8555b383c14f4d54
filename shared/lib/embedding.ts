export const DIMENSIONS = 512;

/** How far from 1 the length of what comes may be: rounding, and no more. */
const MOST_OFF_LENGTH = 1e-3;
/** A mean this short has no direction to speak of. */
const LEAST_LENGTH = 1e-6;

/** A copy, of length 1 as nearly as float32 has it. Throws on what is no embedding: nothing is compared with nonsense. */
export function unitVector(vector: Float32Array): Float32Array<ArrayBuffer> {
  if (vector.length !== DIMENSIONS) throw new Error(`an embedding has ${DIMENSIONS} numbers, not ${vector.length}`);
  const length = lengthOf(vector);
  // Written so that NaN fails, too.
  if (!(Math.abs(length - 1) <= MOST_OFF_LENGTH)) throw new Error('an embedding has a length of 1');
  return Float32Array.from(vector, (value) => value / length);
}

/** The direction in the middle. Throws where there is none. */
export function meanDirection(vectors: readonly Float32Array[]): Float32Array<ArrayBuffer> {
  const sums = new Float64Array(DIMENSIONS);
  for (const vector of vectors) {
    for (let i = 0; i < DIMENSIONS; i++) sums[i] = (sums[i] ?? 0) + (vector[i] ?? 0);
  }
  const length = lengthOf(sums);
  if (!(length >= LEAST_LENGTH)) throw new Error('the embeddings of a person cancel each other out');
  return Float32Array.from(sums, (value) => value / length);
}

/** Of vectors of length 1, in float64 and always in the same order: what ACCURATE is exact by. */
export function cosine(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < DIMENSIONS; i++) sum += (a[i] ?? 0) * (b[i] ?? 0);
  return sum;
}

export function lengthOf(vector: Float32Array | Float64Array): number {
  let sum = 0;
  for (const value of vector) sum += value * value;
  return Math.sqrt(sum);
}
