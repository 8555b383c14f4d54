import { DIMENSIONS } from '../../shared/lib/embedding.ts';
import { seededRandom } from '../../shared/testing/seeded-random.ts';

/** Vectors one after the other. */
export interface Vectors {
  count: number;
  values: Float32Array<ArrayBuffer>;
}

export interface Spread {
  mean: number;
  deviation: number;
}

/** Parts of a synthetic person, as squares of their lengths: what all faces share, a mixture of real ones, and chance. */
const SHARED = 0.03;
const REAL = 0.22;
const CHANCE = 1 - SHARED - REAL;
/** Of a probe to the template of the one whom it shows. */
export const GENUINE_COSINE = 0.6;

/** People whose cosines to each other spread as those of real faces do: the same ones for the same seed. */
export class SyntheticFaces {
  readonly #normal: () => number;
  readonly #random: () => number;
  readonly #centre: Float64Array;
  readonly #deviations: Float64Array[];

  constructor(real: readonly Float32Array[], seed: number) {
    this.#random = seededRandom(seed);
    this.#normal = normalNumbers(this.#random);
    const mean = Float64Array.from({ length: DIMENSIONS }, (_, i) => real.reduce((sum, one) => sum + (one[i] ?? 0), 0));
    this.#centre = scaledTo(mean, 1);
    const scale = 1 / real.length;
    this.#deviations = real.map((one) => Float64Array.from(one, (value, i) => value - (mean[i] ?? 0) * scale));
  }

  people(count: number): Vectors {
    return this.#fill(count, () => this.#person());
  }

  /** The first of a gallery, each seen anew. */
  probesOf({ values }: Vectors, count: number): Vectors {
    const across = Math.sqrt(1 - GENUINE_COSINE ** 2);
    let next = 0;
    return this.#fill(count, () => {
      const own = values.subarray(next * DIMENSIONS, ++next * DIMENSIONS);
      const other = this.#person();
      const along = other.reduce((sum, value, i) => sum + value * (own[i] ?? 0), 0);
      const noise = scaledTo(
        other.map((value, i) => value - along * (own[i] ?? 0)),
        across,
      );
      return noise.map((value, i) => value + GENUINE_COSINE * (own[i] ?? 0));
    });
  }

  #person(): Float64Array {
    const person = scaledTo(
      Float64Array.from({ length: DIMENSIONS }, () => this.#normal()),
      Math.sqrt(CHANCE),
    );
    const mixture = new Float64Array(DIMENSIONS);
    for (const deviation of this.#deviations) {
      const weight = this.#normal();
      for (let i = 0; i < DIMENSIONS; i++) mixture[i] = (mixture[i] ?? 0) + weight * (deviation[i] ?? 0);
    }
    const real = scaledTo(mixture, Math.sqrt(REAL));
    const shared = Math.sqrt(SHARED);
    return scaledTo(
      person.map((value, i) => value + (real[i] ?? 0) + shared * (this.#centre[i] ?? 0)),
      1,
    );
  }

  #fill(count: number, next: () => Float64Array): Vectors {
    const values = new Float32Array(count * DIMENSIONS);
    for (let i = 0; i < count; i++) values.set(next(), i * DIMENSIONS);
    return { count, values };
  }
}

/** Of the cosines between different ones. */
export function spreadOf(vectors: readonly Float32Array[]): Spread {
  const cosines = vectors.flatMap((a, i) =>
    vectors.slice(i + 1).map((b) => a.reduce((sum, value, at) => sum + value * (b[at] ?? 0), 0)),
  );
  const mean = cosines.reduce((sum, one) => sum + one, 0) / cosines.length;
  const variance = cosines.reduce((sum, one) => sum + (one - mean) ** 2, 0) / cosines.length;
  return { mean, deviation: Math.sqrt(variance) };
}

export function vectorAt({ values }: Vectors, place: number): Float32Array<ArrayBuffer> {
  return values.subarray(place * DIMENSIONS, (place + 1) * DIMENSIONS);
}

export function slice({ values }: Vectors, from: number, to: number): Vectors {
  return { count: to - from, values: values.slice(from * DIMENSIONS, to * DIMENSIONS) };
}

function normalNumbers(random: () => number): () => number {
  let spare: number | null = null;
  return () => {
    if (spare !== null) {
      const value = spare;
      spare = null;
      return value;
    }
    const length = Math.sqrt(-2 * Math.log(1 - random()));
    const angle = 2 * Math.PI * random();
    spare = length * Math.sin(angle);
    return length * Math.cos(angle);
  };
}

function scaledTo(vector: Float64Array, length: number): Float64Array {
  let sum = 0;
  for (const value of vector) sum += value * value;
  const factor = length / Math.sqrt(sum);
  return vector.map((value) => value * factor);
}
