import { expect, test } from 'vitest';
import { seededRandom } from '#shared/testing/seeded-random.ts';
import { choleskySolver } from './linear-solve.ts';

const near = (values: readonly number[]) => values.map((value) => expect.closeTo(value, 9));

test('solves a system that is known', () => {
  const solve = choleskySolver(Float64Array.of(4, 2, 2, 3), 2);
  expect([...(solve?.([10, 9]) ?? [])]).toEqual(near([1.5, 2]));
});

test('solves a larger one, for one right side after the other, and leaves them as they are', () => {
  const random = seededRandom(5);
  const n = 8;
  const factor = Array.from({ length: n * n }, () => random() - 0.5);
  const matrix = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      for (let k = 0; k < n; k++)
        matrix[i * n + j] = (matrix[i * n + j] ?? 0) + (factor[i * n + k] ?? 0) * (factor[j * n + k] ?? 0);
    }
    matrix[i * n + i] = (matrix[i * n + i] ?? 0) + 0.1;
  }
  const solve = choleskySolver(matrix, n);
  for (const answer of [Array.from({ length: n }, (_, i) => i - 3), Array.from({ length: n }, () => random())]) {
    const right = answer.map((_, i) => answer.reduce((sum, value, j) => sum + (matrix[i * n + j] ?? 0) * value, 0));
    const before = [...right];
    expect([...(solve?.(right) ?? [])]).toEqual(near(answer));
    expect(right).toEqual(before);
  }
});

test.each([
  ['two equations that say the same', [1, 1, 1, 1]],
  ['nothing at all', [0, 0, 0, 0]],
  ['a negative direction', [1, 0, 0, -1]],
  ['what is no number', [Number.NaN, 0, 0, 1]],
])('null for %s', (_, matrix) => {
  expect(choleskySolver(Float64Array.from(matrix), 2)).toBeNull();
});
