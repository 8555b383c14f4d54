import { z } from 'zod';
import { scoreOf } from './face-score.ts';
import settings from './user-similarity.json' with { type: 'json' };

const { matchOver } = z.object({ matchOver: z.number().gt(0).lt(1) }).parse(settings);

/** As it is told. What is told and what is decided must not differ. */
const DECIMALS = 4;

/** Over this, two faces are one person's: far above where face search begins to show somebody. See docs/returning-users.md. */
export const USER_MATCH_OVER = matchOver;

/** How alike two faces are, as 0 to 1: the score of face search. NaN stays NaN, which matches nobody. */
export function similarityOf(cosine: number): number {
  return Number(scoreOf(cosine).toFixed(DECIMALS));
}

export function isMatch(similarity: number): boolean {
  return similarity > USER_MATCH_OVER;
}
