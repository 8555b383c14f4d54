import type { Pair } from '../eval/faces/compare-photographs.ts';
import { cosineAtRate } from '../eval/faces/face-rates.ts';

export interface FaceScoreTable {
  /** Cosine and score, both growing. */
  knots: [cosine: number, score: number][];
  samePersonCosine: number;
}

/** Rates that enough pairs stand behind, and their scores: each 0.1 is a tenth of the pairs. */
const MEASURED = [
  { rate: 1e-1, score: 0.3 },
  { rate: 1e-2, score: 0.4 },
  { rate: 1e-3, score: 0.5 },
] as const;
/** Beyond, the same goes on by a line through the logarithm of the rate: these are what it is laid through. */
const TAIL_RATES = [3e-3, 1e-3, 3e-4, 1e-4] as const;
const EXTRAPOLATED = [0.6, 0.7, 0.8, 0.9] as const;
const SAME_PERSON_RATE = 1e-2;
const DECIMALS = 4;

/**
 * The score by how rare a likeness is among unrelated people. That the logarithm falls along a line is careful: with the normal
 * distribution it would fall ever faster, so a score beyond what was measured promises no more than the pairs bear out.
 */
export function fitFaceScore(unrelated: readonly Pair[]): FaceScoreTable {
  const measured = MEASURED.map(({ rate, score }) => [cosineAtRate(unrelated, rate), score] as const);
  const [start = 0] = measured.at(-1) ?? [];
  const perDecade = cosinePerDecade(unrelated);
  const extrapolated = EXTRAPOLATED.map((score, place) => [start + (place + 1) * perDecade, score] as const);
  const knots = [[-1, 0] as const, ...measured, ...extrapolated, [1, 1] as const];
  return {
    knots: knots.map(([cosine, score]) => [round(cosine), score]),
    samePersonCosine: round(cosineAtRate(unrelated, SAME_PERSON_RATE)),
  };
}

/** By how much likeness grows while it becomes ten times rarer, by least squares. */
function cosinePerDecade(unrelated: readonly Pair[]): number {
  const points = TAIL_RATES.map((rate) => ({ decades: -Math.log10(rate), cosine: cosineAtRate(unrelated, rate) }));
  const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const decades = mean(points.map((point) => point.decades));
  const cosine = mean(points.map((point) => point.cosine));
  const together = points.reduce((sum, point) => sum + (point.decades - decades) * (point.cosine - cosine), 0);
  const spread = points.reduce((sum, point) => sum + (point.decades - decades) ** 2, 0);
  return together / spread;
}

function round(value: number): number {
  return Number(value.toFixed(DECIMALS));
}
