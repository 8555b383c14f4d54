import { cosine } from '#shared/lib/embedding.ts';
import type { KnownFace } from './store/gallery-truth.ts';

/** So like another that it adds nothing: the same picture, saved anew. */
const SAME_FACE_COSINE = 0.995;

/** Of those offered, in their order, whoever is neither among those known nor among the ones before. */
export function differentFaces<Offered extends KnownFace>(
  known: readonly KnownFace[],
  offered: readonly Offered[],
): Offered[] {
  const different: Offered[] = [];
  for (const face of offered) {
    if (![...known, ...different].some((other) => isSame(face, other))) different.push(face);
  }
  return different;
}

function isSame(a: KnownFace, b: KnownFace): boolean {
  return a.id === b.id || a.pictureMark === b.pictureMark || cosine(a.embedding, b.embedding) > SAME_FACE_COSINE;
}
