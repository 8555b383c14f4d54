import { cosine as cosineOf } from '../../../shared/lib/embedding.ts';
import type { EmbeddedPhotograph } from './embed-photographs.ts';

export interface Pair {
  cosine: number;
  first: string;
  second: string;
}

export interface Comparison {
  /** Of one person. */
  genuine: Pair[];
  /** Of two. */
  unrelated: Pair[];
  /** For each photograph of somebody who has others: whether the most similar of all others shows them. */
  firstIsRight: { person: string; isRight: boolean }[];
}

/** Every photograph with every other one, as a probe of the mode against what is enrolled. */
export function comparePhotographs(
  photographs: readonly EmbeddedPhotograph[],
  probe: 'single' | 'flipped',
): Comparison {
  const comparison: Comparison = { genuine: [], unrelated: [], firstIsRight: [] };
  for (const [place, photograph] of photographs.entries()) {
    let best: { cosine: number; person: string } | null = null;
    let hasOthers = false;
    for (const [otherPlace, other] of photographs.entries()) {
      if (place === otherPlace) continue;
      const cosine = cosineOf(photograph[probe], other.flipped);
      const isSame = photograph.person === other.person;
      hasOthers ||= isSame;
      if (best === null || cosine > best.cosine) best = { cosine, person: other.person };
      // With unlike embeddings, the two ways of a pair differ; one of them counts, or each pair would twice.
      if (place < otherPlace) {
        const pair = { cosine, first: photograph.person, second: other.person };
        (isSame ? comparison.genuine : comparison.unrelated).push(pair);
      }
    }
    if (hasOthers) {
      comparison.firstIsRight.push({ person: photograph.person, isRight: best?.person === photograph.person });
    }
  }
  return comparison;
}
