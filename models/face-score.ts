import { z } from 'zod';
import table from './face-score.json' with { type: 'json' };

const FaceScore = z.object({
  /** Cosine and score, from the least similar to the most; both grow. */
  knots: z.array(z.tuple([z.number(), z.number()])).min(2),
  samePersonCosine: z.number(),
});

const { knots, samePersonCosine } = FaceScore.parse(table);

/** From here on two faces match: one of 1,000 unrelated pairs does. */
export const MATCH_FROM_SCORE = 0.5;

/** Below it, two images that were sent as one person show two. Laxer than a match: one of a hundred strangers passes. */
export const SAME_PERSON_COSINE = samePersonCosine;

/**
 * How rare a likeness is among unrelated people, as 0 to 1: 0.5 is one of 1,000 pairs, each 0.1 above is ten times rarer, each 0.1
 * below ten times more frequent. NaN stays NaN, which matches nobody.
 */
export function scoreOf(cosine: number): number {
  return interpolate(cosine, 0, 1);
}

export function cosineFrom(score: number): number {
  return interpolate(score, 1, 0);
}

function interpolate(value: number, from: 0 | 1, to: 0 | 1): number {
  if (Number.isNaN(value)) return value;
  for (const [place, knot] of knots.entries()) {
    if (value > knot[from]) continue;
    const before = knots[place - 1];
    if (before === undefined) return knot[to];
    return before[to] + ((value - before[from]) / (knot[from] - before[from])) * (knot[to] - before[to]);
  }
  return knots.at(-1)?.[to] ?? Number.NaN;
}
