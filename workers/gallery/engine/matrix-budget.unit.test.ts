import { describe, expect, it } from 'vitest';
import { MatrixBudget } from './matrix-budget.ts';

function holders(...names: string[]) {
  const gone: string[] = [];
  return { gone, all: names.map((name) => ({ letGo: () => void gone.push(name) })) };
}

describe('the memory for matrices', () => {
  it('is taken from whoever was asked longest ago, and from no more than it takes', () => {
    const { gone, all } = holders('a', 'b', 'c', 'd');
    const [a, b, c, d] = all;
    if (!a || !b || !c || !d) throw new Error('there are four');
    const budget = new MatrixBudget(100);
    budget.use(a, 40);
    budget.use(b, 30);
    budget.use(c, 30);
    expect(gone).toEqual([]);
    budget.use(a, 40);
    budget.use(d, 30);
    expect(gone).toEqual(['b']);
    budget.use(d, 61);
    expect(gone).toEqual(['b', 'c', 'a']);
    budget.use(d, 200);
    expect(gone).toEqual(['b', 'c', 'a']);
  });

  it('that was given back is free', () => {
    const { gone, all } = holders('a', 'b', 'c');
    const [a, b, c] = all;
    if (!a || !b || !c) throw new Error('there are three');
    const budget = new MatrixBudget(100);
    budget.use(a, 60);
    budget.use(b, 40);
    budget.release(a);
    budget.use(c, 60);
    expect(gone).toEqual([]);
  });
});
