import { SAME_PERSON_COSINE } from '#models/face-score.ts';
import { validationFailure } from '#shared/contract/validation.ts';
import { problem } from './read-images.ts';
import type { Subject } from './read-subjects.ts';

/** One embedding of all images of a person: their mean says more than any of them. */
export function fuse(embeddings: readonly Float32Array[]): Float32Array<ArrayBuffer> {
  const sum = new Float32Array(embeddings[0]?.length ?? 0);
  for (const embedding of embeddings) for (const [i, value] of embedding.entries()) sum[i] = (sum[i] ?? 0) + value;
  const length = Math.hypot(...sum);
  // Opposite embeddings leave nothing to be like. What is divided by zero here would be like nobody, or like anybody.
  if (!(length > 0)) throw new Error('the embeddings cancel each other out');
  return sum.map((value) => value / length);
}

export function cosine(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (const [i, value] of a.entries()) sum += value * (b[i] ?? 0);
  return sum;
}

/**
 * The image that is least like all others, where it is so little like them that it shows another person; of two, the second.
 * Laxer than a match: these were sent as one person, so a doubt is not enough.
 */
export function findStranger(embeddings: readonly Float32Array[]): number | null {
  if (embeddings.length < 2) return null;
  let stranger: number | null = null;
  let least = SAME_PERSON_COSINE;
  for (const [place, embedding] of embeddings.entries()) {
    const others = fuse(embeddings.filter((_, other) => other !== place));
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
  return fuse(embeddings);
}

export function anotherPerson(index: number) {
  return validationFailure([problem(index, 'does not show the same person as the other images')]);
}
