import { isMatch, similarityOf } from '#models/user-similarity.ts';
import { cosine, meanDirection, unitVector } from '#shared/lib/embedding.ts';
import type { FacesOutcome } from '#shared/rpc/faces.ts';

export type ReadPerson =
  | { outcome: 'read'; embedding: Float32Array<ArrayBuffer> }
  | { outcome: 'unreadable' | 'inconsistent' };

/**
 * One person out of the crops of one recording. Crops that show no one clear face are left out, as long as they are the fewer;
 * two people are nobody.
 */
export function readPerson(outcomes: readonly FacesOutcome[]): ReadPerson {
  const embeddings = outcomes.flatMap(embeddingOf);
  // One clear face among many others may be a glimpse of anybody.
  if (embeddings.length === 0 || 2 * embeddings.length < outcomes.length) return { outcome: 'unreadable' };
  if (!areAlike(embeddings)) return { outcome: 'inconsistent' };
  return { outcome: 'read', embedding: meanDirection(embeddings) };
}

function embeddingOf(outcome: FacesOutcome): Float32Array<ArrayBuffer>[] {
  if (!outcome.ok || outcome.embedding === null || outcome.complaints.length > 0) return [];
  return [unitVector(outcome.embedding)];
}

/** Every one must match every other, or else somebody came in between. */
function areAlike(embeddings: readonly Float32Array[]): boolean {
  return embeddings.every((one, place) =>
    embeddings.slice(place + 1).every((other) => isMatch(similarityOf(cosine(one, other)))),
  );
}
