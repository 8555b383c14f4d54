import type { GalleryPlace } from '#shared/rpc/galleries.ts';
import { startKernel } from '../index/kernel.ts';
import kernelModule from '../index/kernel.wasm';
import { PackedMatrix } from '../index/packed-matrix.ts';
import type { FaceIndex, Templates } from './face-index.ts';
import { MatrixBudget } from './matrix-budget.ts';
import { MatrixIndex } from './matrix-index.ts';
import { PendingVectors } from './pending-vectors.ts';
import { SHARD_CAPACITY_PERSONS } from './shard-capacity.ts';
import { VectorNames } from './vector-names.ts';
import { VectorizeIndex, type Vectors } from './vectorize-index.ts';

export interface EngineEnv {
  /** `durable-object`, which it is by default, or `vectorize`. */
  GALLERY_ENGINE?: string;
  FACE_VECTORS?: Vectors;
}

interface Shard {
  templates: Templates;
  storage: DurableObjectStorage;
  place: GalleryPlace;
}

/** Two full shards; the rest of the 128 MB of an isolate is for what they do. */
const MOST_MATRIX_BYTES = 64 * 2 ** 20;
/** Of all shards in the isolate, for it is the isolate that has a memory. */
const budget = new MatrixBudget(MOST_MATRIX_BYTES);

export function chooseIndex({ GALLERY_ENGINE = 'durable-object', FACE_VECTORS }: EngineEnv, shard: Shard): FaceIndex {
  const { templates, storage, place } = shard;
  const shared = { templates, capacityPersons: SHARD_CAPACITY_PERSONS, log: console.error };
  switch (GALLERY_ENGINE) {
    case 'durable-object':
      return new MatrixIndex({ ...shared, budget, newMatrix: () => new PackedMatrix(startKernel(kernelModule)) });
    case 'vectorize':
      if (!FACE_VECTORS) throw new Error('FACE_VECTORS is not bound, which GALLERY_ENGINE = "vectorize" needs');
      return new VectorizeIndex({
        ...shared,
        vectors: FACE_VECTORS,
        names: new VectorNames(place),
        pending: new PendingVectors(storage.sql),
        nowMs: () => Date.now(),
        ringAt: (atMs) => void storage.setAlarm(atMs),
      });
    default:
      throw new Error('GALLERY_ENGINE must be durable-object or vectorize');
  }
}
