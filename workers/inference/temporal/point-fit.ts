import type { Homography } from './homography.ts';
import { choleskySolver } from './linear-solve.ts';

export interface Point {
  x: number;
  y: number;
}

/** Root mean square of what is left of the way from `from` to `to` after the best shift, turn and scale. */
export function residualAfterSimilarity(from: readonly Point[], to: readonly Point[]): number {
  const rows = similarityRows(from, to);
  return residualOf(rows, solve(rows, 4), from.length);
}

/** The best shift, turn and scale; the identity where there is none. */
export function fitSimilarity(from: readonly Point[], to: readonly Point[]): Homography {
  // Two points at least, or the least-squares answer is the smallest map there is, which shrinks all to nothing.
  const solution = from.length < 2 ? null : solve(similarityRows(from, to), 4);
  const [a = 1, b = 0, x = 0, y = 0] = solution ?? [];
  return [a, -b, x, b, a, y, 0, 0, 1];
}

function similarityRows(from: readonly Point[], to: readonly Point[]): Row[] {
  return from.flatMap(({ x, y }, i) => {
    const target = to[i];
    if (!target) return [];
    return [
      { terms: [x, -y, 1, 0], value: target.x },
      { terms: [y, x, 0, 1], value: target.y },
    ];
  });
}

/** The same after the best homography, in its linear form: exact where the plane tilts little, as between two frames. */
export function residualAfterHomography(from: readonly Point[], to: readonly Point[]): number {
  const { centre, scale } = spanOf(from);
  const near = (point: Point) => ({ x: (point.x - centre.x) / scale, y: (point.y - centre.y) / scale });
  const rows: Row[] = [];
  for (const [i, point] of from.entries()) {
    const target = to[i];
    if (!target) continue;
    const { x, y } = near(point);
    const { x: u, y: v } = near(target);
    rows.push({ terms: [x, y, 1, 0, 0, 0, -x * u, -y * u], value: u });
    rows.push({ terms: [0, 0, 0, x, y, 1, -x * v, -y * v], value: v });
  }
  return residualOf(rows, solve(rows, 8), from.length) * scale;
}

interface Row {
  terms: readonly number[];
  value: number;
}

/** Least squares; null where the points do not determine an answer. */
function solve(rows: readonly Row[], unknowns: number): Float64Array | null {
  const matrix = new Float64Array(unknowns * unknowns);
  const right = new Float64Array(unknowns);
  for (const { terms, value } of rows) {
    for (let i = 0; i < unknowns; i++) {
      right[i] = (right[i] ?? 0) + (terms[i] ?? 0) * value;
      for (let j = 0; j < unknowns; j++) {
        matrix[i * unknowns + j] = (matrix[i * unknowns + j] ?? 0) + (terms[i] ?? 0) * (terms[j] ?? 0);
      }
    }
  }
  for (let i = 0; i < unknowns; i++) matrix[i * unknowns + i] = (matrix[i * unknowns + i] ?? 0) + 1e-9;
  return choleskySolver(matrix, unknowns)?.(right) ?? null;
}

function residualOf(rows: readonly Row[], solution: Float64Array | null, pointCount: number): number {
  if (solution === null) return 0;
  let sum = 0;
  for (const { terms, value } of rows) {
    sum += (terms.reduce((total, term, i) => total + term * (solution[i] ?? 0), 0) - value) ** 2;
  }
  return Math.sqrt(sum / pointCount);
}

function spanOf(points: readonly Point[]): { centre: Point; scale: number } {
  const count = Math.max(1, points.length);
  const centre = {
    x: points.reduce((sum, { x }) => sum + x, 0) / count,
    y: points.reduce((sum, { y }) => sum + y, 0) / count,
  };
  const spread = points.reduce((sum, { x, y }) => sum + (x - centre.x) ** 2 + (y - centre.y) ** 2, 0) / count;
  return { centre, scale: Math.sqrt(spread) || 1 };
}
