import { DIMENSIONS, lengthOf } from '#shared/lib/embedding.ts';
import { seededRandom } from '#shared/testing/seeded-random.ts';

/** Directions, evenly spread: the same ones for a seed on every machine but for the last bits. */
export function randomDirections(seed: number): () => Float32Array<ArrayBuffer> {
  const random = seededRandom(seed);
  const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  return () => scaled(Float64Array.from({ length: DIMENSIONS }, normal));
}

/** A direction whose cosine to another is as given, but for rounding; where to, `other` says. */
export function directionAt(cosine: number, to: Float32Array, other: Float32Array): Float32Array<ArrayBuffer> {
  const along = dot(to, other);
  const across = scaled(Float64Array.from(other, (value, i) => value - along * (to[i] ?? 0)));
  const share = Math.sqrt(1 - cosine * cosine);
  return scaled(Float64Array.from(to, (value, i) => cosine * value + share * (across[i] ?? 0)));
}

export function dot(a: Float32Array, b: Float32Array): number {
  return a.reduce((sum, value, i) => sum + value * (b[i] ?? 0), 0);
}

function scaled(vector: Float64Array): Float32Array<ArrayBuffer> {
  const length = lengthOf(vector);
  return Float32Array.from(vector, (value) => value / length);
}
