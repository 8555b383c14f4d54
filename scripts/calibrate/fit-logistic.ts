import { choleskySolver } from '../../workers/inference/temporal/linear-solve.ts';

export interface Example {
  features: readonly number[];
  positive: boolean;
  weight: number;
}

export interface LogisticFit {
  bias: number;
  weights: number[];
}

const ROUNDS = 60;

/**
 * Logistic regression by Newton's method. `ridge` holds the weights small, on features brought to the same scale; the bias
 * is free. The result is given for features as they come.
 */
export function fitLogistic(examples: readonly Example[], ridge: number): LogisticFit {
  const count = examples[0]?.features.length ?? 0;
  const scales = Array.from({ length: count }, (_, i) => scaleOf(examples, i));
  const rows = examples.map(({ features }) => [
    ...features.map((value, i) => (value - (scales[i]?.middle ?? 0)) / (scales[i]?.spread ?? 1)),
    1,
  ]);
  let solution = new Float64Array(count + 1);
  for (let round = 0; round < ROUNDS; round++) {
    const size = count + 1;
    const hessian = new Float64Array(size * size);
    const gradient = new Float64Array(size);
    for (const [index, row] of rows.entries()) {
      const example = examples[index];
      if (!example) continue;
      const odds = row.reduce((sum, value, i) => sum + value * (solution[i] ?? 0), 0);
      const probability = 1 / (1 + Math.exp(-odds));
      const error = example.weight * (probability - (example.positive ? 1 : 0));
      const curvature = example.weight * probability * (1 - probability);
      for (let i = 0; i < size; i++) {
        gradient[i] = (gradient[i] ?? 0) + error * (row[i] ?? 0);
        for (let j = 0; j < size; j++) {
          hessian[i * size + j] = (hessian[i * size + j] ?? 0) + curvature * (row[i] ?? 0) * (row[j] ?? 0);
        }
      }
    }
    for (let i = 0; i < size; i++) {
      const hold = i < count ? ridge : 1e-6;
      gradient[i] = (gradient[i] ?? 0) + hold * (solution[i] ?? 0);
      hessian[i * size + i] = (hessian[i * size + i] ?? 0) + hold;
    }
    const step = choleskySolver(hessian, size)?.(gradient);
    if (!step) throw new Error('the data do not determine the weights');
    solution = solution.map((value, i) => value - (step[i] ?? 0));
    if (Math.max(...step.map(Math.abs)) < 1e-9) break;
  }
  const weights = scales.map(({ spread }, i) => (solution[i] ?? 0) / spread);
  const bias = weights.reduce((sum, weight, i) => sum - weight * (scales[i]?.middle ?? 0), solution[count] ?? 0);
  return { bias, weights };
}

function scaleOf(examples: readonly Example[], feature: number): { middle: number; spread: number } {
  const values = examples.map(({ features }) => features[feature] ?? 0);
  const middle = values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + (value - middle) ** 2, 0) / values.length;
  return { middle, spread: Math.sqrt(variance) || 1 };
}
