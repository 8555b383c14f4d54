/**
 * Solves a symmetric positive definite system by Cholesky's decomposition. `matrix` holds rows, n x n; null where it is not
 * positive definite, that is, where the data do not determine the answer.
 */
export function choleskySolver(matrix: Float64Array, n: number): ((right: ArrayLike<number>) => Float64Array) | null {
  const lower = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = matrix[i * n + j] ?? 0;
      for (let k = 0; k < j; k++) sum -= (lower[i * n + k] ?? 0) * (lower[j * n + k] ?? 0);
      if (i === j) {
        if (!(sum > 0)) return null;
        lower[i * n + i] = Math.sqrt(sum);
      } else {
        lower[i * n + j] = sum / (lower[j * n + j] ?? 1);
      }
    }
  }
  return function solve(right) {
    const result = Float64Array.from(right);
    for (let i = 0; i < n; i++) {
      let sum = result[i] ?? 0;
      for (let k = 0; k < i; k++) sum -= (lower[i * n + k] ?? 0) * (result[k] ?? 0);
      result[i] = sum / (lower[i * n + i] ?? 1);
    }
    for (let i = n - 1; i >= 0; i--) {
      let sum = result[i] ?? 0;
      for (let k = i + 1; k < n; k++) sum -= (lower[k * n + i] ?? 0) * (result[k] ?? 0);
      result[i] = sum / (lower[i * n + i] ?? 1);
    }
    return result;
  };
}
