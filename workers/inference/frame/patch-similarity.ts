import type { Box } from './box.ts';

const GRID = 12;

/**
 * Correlation, -1 to 1, of the same part of two patches, each seen as 12 x 12 means: coarse enough to let a blink and a slow
 * turn pass, and blind to how bright the light is. 0 for a part without contrast.
 */
export function patchSimilarity(a: Uint8Array, b: Uint8Array, side: number, part: Box): number {
  const [first, second] = [gridMeans(a, side, part), gridMeans(b, side, part)];
  const count = GRID * GRID;
  const meanA = first.reduce((sum, value) => sum + value, 0) / count;
  const meanB = second.reduce((sum, value) => sum + value, 0) / count;
  let both = 0;
  let ownA = 0;
  let ownB = 0;
  for (let i = 0; i < count; i++) {
    const fromA = (first[i] ?? 0) - meanA;
    const fromB = (second[i] ?? 0) - meanB;
    both += fromA * fromB;
    ownA += fromA * fromA;
    ownB += fromB * fromB;
  }
  return ownA > 0 && ownB > 0 ? both / Math.sqrt(ownA * ownB) : 0;
}

function gridMeans(patch: Uint8Array, side: number, part: Box): Float64Array {
  const edge = (start: number, length: number, index: number) =>
    Math.min(Math.max(Math.round(start + (length * index) / GRID), 0), side);
  const means = new Float64Array(GRID * GRID);
  for (let row = 0; row < GRID; row++) {
    for (let column = 0; column < GRID; column++) {
      let sum = 0;
      let count = 0;
      for (let y = edge(part.y, part.height, row); y < edge(part.y, part.height, row + 1); y++) {
        for (let x = edge(part.x, part.width, column); x < edge(part.x, part.width, column + 1); x++) {
          sum += patch[y * side + x] ?? 0;
          count++;
        }
      }
      means[row * GRID + column] = count > 0 ? sum / count : 0;
    }
  }
  return means;
}
