import { describe, expect, it } from 'vitest';
import { CHUNK_ROWS } from '../index/packed-matrix.ts';
import { nodeMatrix } from '../testing/node-matrix.ts';
import { randomDirections } from '../testing/vectors.ts';
import { MatrixBudget } from './matrix-budget.ts';
import { MatrixIndex } from './matrix-index.ts';

const CHUNK_BYTES = CHUNK_ROWS * 576;

describe('a matrix that is being filled', () => {
  it('makes room as it grows, not when all is in memory already', async () => {
    const next = randomDirections(1);
    const templates = Array.from({ length: 2 * CHUNK_ROWS }, next);
    const gone: number[] = [];
    let reached = 0;
    const budget = new MatrixBudget(4 * CHUNK_BYTES);
    budget.use({ letGo: () => void gone.push(reached) }, 2 * CHUNK_BYTES);
    const index = new MatrixIndex({
      templates: {
        *all() {
          for (const [no, template] of templates.entries()) {
            reached = no;
            yield { no, template };
          }
        },
        of: (no) => templates[no] ?? null,
      },
      capacityPersons: 10_000,
      newMatrix: nodeMatrix,
      budget,
      log: () => undefined,
    });
    const look = await index.look({ probe: next(), mode: 'FAST', count: 3, leastCosine: -1 });
    expect(look()).toHaveLength(3);
    // With its first page and its second chunk it is past the half of what there is.
    expect(gone).toEqual([CHUNK_ROWS]);
  });
});
