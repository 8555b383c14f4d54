import type { Point } from './five-points.ts';

/** Turns, scales and moves, and neither stretches nor mirrors: (x, y) goes to (a x - b y + tx, b x + a y + ty). */
export interface Similarity {
  a: number;
  b: number;
  tx: number;
  ty: number;
}

/** The one that brings `from` nearest to `to`, point by point, in the sense of least squares. */
export function fitSimilarity(from: readonly Point[], to: readonly Point[]): Similarity {
  const [fromX, fromY] = meanOf(from);
  const [toX, toY] = meanOf(to);
  let along = 0;
  let across = 0;
  let spread = 0;
  for (const [i, [x, y]] of from.entries()) {
    const [u, v] = to[i] ?? [0, 0];
    const [dx, dy, du, dv] = [x - fromX, y - fromY, u - toX, v - toY];
    along += dx * du + dy * dv;
    across += dx * dv - dy * du;
    spread += dx * dx + dy * dy;
  }
  // Points that all lie on one: nothing says how they are turned or scaled.
  const a = spread > 0 ? along / spread : 1;
  const b = spread > 0 ? across / spread : 0;
  return { a, b, tx: toX - a * fromX + b * fromY, ty: toY - b * fromX - a * fromY };
}

export function applySimilarity({ a, b, tx, ty }: Similarity, [x, y]: Point): Point {
  return [a * x - b * y + tx, b * x + a * y + ty];
}

function meanOf(points: readonly Point[]): Point {
  const sum = points.reduce(([x, y], [dx, dy]): Point => [x + dx, y + dy], [0, 0] satisfies Point);
  return [sum[0] / points.length, sum[1] / points.length];
}
