import { SAME_PERSON_COSINE } from '#models/face-score.ts';
import { validationFailure } from '#shared/contract/validation.ts';
import { cosine, meanDirection } from '#shared/lib/embedding.ts';
import { problem } from './read-images.ts';
import type { Subject } from './read-subjects.ts';

/**
 * The image that is least like all others, where it is so little like them that it shows another person; of two, the second.
 * Laxer than a match: these were sent as one person, so a doubt is not enough.
 */
export function findStranger(embeddings: readonly Float32Array[]): number | null {
  if (embeddings.length < 2) return null;
  let stranger: number | null = null;
  let least = SAME_PERSON_COSINE;
  for (const [place, embedding] of embeddings.entries()) {
    const others = meanDirection(embeddings.filter((_, other) => other !== place));
    const likeness = cosine(embedding, others);
    if (likeness < least || (likeness === least && stranger !== null)) [stranger, least] = [place, likeness];
  }
  return stranger;
}

/** Who the images of one request show, in one embedding. */
export function fuseSubjects(subjects: readonly Subject[]): Float32Array<ArrayBuffer> {
  const embeddings = subjects.map(({ embedding }) => embedding);
  const stranger = findStranger(embeddings);
  if (stranger !== null) throw anotherPerson(subjects[stranger]?.image.index ?? 0);
  // Their mean says more than any of them.
  return meanDirection(embeddings);
}

export function anotherPerson(index: number) {
  return validationFailure([problem(index, 'does not show the same person as the other images')]);
}
