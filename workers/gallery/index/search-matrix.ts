import { cosine, lengthOf } from '#shared/lib/embedding.ts';
import { Best, byScore, type Scored } from './best.ts';
import type { PackedMatrix } from './packed-matrix.ts';
import { quantiseQuery, signsOf } from './quantise.ts';

export interface MatrixQuestion {
  /** Of length 1. */
  probe: Float32Array;
  count: number;
  leastCosine: number;
  /** Throws for who is not there: whoever is in the matrix must be. */
  exactOf: (key: number) => Float32Array;
}

/** How many FAST looks at more closely; see docs/face-search-engines.md for what that finds. */
export const FAST_CANDIDATES = 1024;

/** The templates are of length 1 but for rounding. */
const LONGEST_TEMPLATE = 1 + 1e-5;
/** More than the rounding of float64 can come to, over 512 products of numbers below 1. */
const ROUNDING = 1e-12;

/**
 * Exact: the same as comparing with every template in float64. Whole numbers say for each row within which bounds its cosine
 * lies; only of those whose upper bound reaches the lower bounds of the best are the templates themselves looked at.
 */
export function searchAccurately(matrix: PackedMatrix, question: MatrixQuestion): Scored[] {
  const narrowing = new Narrowing(matrix, question);
  for (const { from, values } of matrix.products()) {
    for (let i = 0; i < values.length; i++) narrowing.offer(from + i, values[i] ?? 0);
  }
  return compareExactly(narrowing.candidates(), question);
}

/** The same over those whose signs differ least from the probe's. */
export function searchFast(matrix: PackedMatrix, question: MatrixQuestion): Scored[] {
  const candidates = Math.max(FAST_CANDIDATES, question.count);
  if (matrix.size <= candidates) return searchAccurately(matrix, question);
  const narrowing = new Narrowing(matrix, question);
  for (const row of nearestBySigns(matrix, candidates)) narrowing.offer(row, matrix.product(row));
  return compareExactly(narrowing.candidates(), question);
}

function nearestBySigns(matrix: PackedMatrix, count: number): number[] {
  const distances = new Uint16Array(matrix.size);
  const histogram = new Uint32Array(514);
  for (const { from, values } of matrix.distances()) {
    for (let i = 0; i < values.length; i++) {
      const distance = values[i] ?? 0;
      distances[from + i] = distance;
      histogram[distance] = (histogram[distance] ?? 0) + 1;
    }
  }
  let last = 0;
  for (let found = histogram[0] ?? 0; found < count; found += histogram[last] ?? 0) last++;
  const rows: number[] = [];
  for (let row = 0; row < distances.length; row++) {
    if ((distances[row] ?? 0) <= last) rows.push(row);
  }
  return rows;
}

/**
 * Between a template t and a probe p lies <t,p>; we know that of their codes, <t',p'>. With the rests e = t - t' and f = p - p',
 * <t,p> = <t',p'> + <t',f> + <e,p>, and by Cauchy and Schwarz the last two are at most (|t| + |e|) |f| and |e| |p|.
 */
class Narrowing {
  readonly #matrix: PackedMatrix;
  readonly #queryScale: number;
  /** What a row's bounds are away from its value: this, and this for each part of its residual. */
  readonly #fixedSlack: number;
  readonly #slackOfResidual: number;
  readonly #leastCosine: number;
  readonly #lowerBounds: Best;
  #floor: number;
  readonly #candidates: Scored[] = [];

  constructor(matrix: PackedMatrix, { probe, count, leastCosine }: MatrixQuestion) {
    const query = quantiseQuery(probe);
    matrix.setQuery(query, signsOf(probe));
    this.#matrix = matrix;
    this.#queryScale = query.scale;
    this.#fixedSlack = LONGEST_TEMPLATE * query.residual + ROUNDING;
    this.#slackOfResidual = lengthOf(probe) + query.residual;
    this.#leastCosine = leastCosine;
    this.#lowerBounds = new Best(count);
    this.#floor = leastCosine;
  }

  offer(row: number, product: number): void {
    const { key, scale, residual } = this.#matrix.rowAt(row);
    const value = product * scale * this.#queryScale;
    const slack = residual * this.#slackOfResidual + this.#fixedSlack;
    if (value + slack < this.#floor) return;
    this.#candidates.push({ key, score: value + slack });
    this.#lowerBounds.offer({ key, score: value - slack });
    this.#floor = Math.max(this.#leastCosine, this.#lowerBounds.threshold);
  }

  /** With their upper bounds, highest first. */
  candidates(): Scored[] {
    return this.#candidates.filter(({ score }) => score >= this.#floor).sort(byScore);
  }
}

/** As many as it takes: none whose bound is below what the best have. */
function compareExactly(
  candidates: readonly Scored[],
  { probe, count, leastCosine, exactOf }: MatrixQuestion,
): Scored[] {
  const best = new Best(count);
  for (const { key, score: bound } of candidates) {
    if (bound < best.threshold) break;
    const score = cosine(exactOf(key), probe);
    if (score >= leastCosine) best.offer({ key, score });
  }
  return [...best.kept];
}
