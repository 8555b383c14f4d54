import type { FaceToKeep, GalleryPlace, PersonToEnrol } from '#shared/rpc/galleries.ts';
import { directionAt, randomDirections } from './vectors.ts';

/** What people look like in one test. */
export function people(seed: number) {
  const next = randomDirections(seed);
  /** Somebody like nobody else. */
  const look = () => next();
  /** As like as given, in another way each time. */
  const like = (other: Float32Array, cosine: number) => directionAt(cosine, other, next());

  const face = (embedding: Float32Array = next(), change: Partial<FaceToKeep> = {}): FaceToKeep => ({
    id: crypto.randomUUID(),
    embedding,
    thumbnail: new TextEncoder().encode(`thumbnail ${crypto.randomUUID()}`),
    pictureHash: crypto.randomUUID(),
    createdAtMs: 1_700_000_000_000,
    ...change,
  });
  const person = (faces: FaceToKeep[] = [face()], refuseFromCosine: number | null = null): PersonToEnrol => ({
    personId: crypto.randomUUID(),
    faces,
    refuseFromCosine,
  });
  return { look, like, face, person };
}

export function placeOf(change: Partial<GalleryPlace> = {}): GalleryPlace {
  return { organisationId: crypto.randomUUID(), collectionId: crypto.randomUUID(), shard: 0, ...change };
}
