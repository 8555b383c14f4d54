import { expect, test } from 'vitest';
import { seededRandom } from '../../shared/testing/seeded-random.ts';
import { type Example, fitLogistic } from './fit-logistic.ts';

const PLANTED = { bias: -3, weights: [2, -0.05] };

/** Drawn as the planted weights say: one feature of about 1, one of about 100. */
function drawn(count: number, weight = 1): Example[] {
  const random = seededRandom(13);
  return Array.from({ length: count }, () => {
    const features = [4 * random(), 100 * random()];
    const odds = features.reduce((sum, value, i) => sum + value * (PLANTED.weights[i] ?? 0), PLANTED.bias);
    return { features, positive: random() < 1 / (1 + Math.exp(-odds)), weight };
  });
}

test('finds the weights that the examples were drawn with', () => {
  const { bias, weights } = fitLogistic(drawn(20_000), 1e-3);
  expect(Math.abs(bias - PLANTED.bias)).toBeLessThan(0.2);
  expect(weights.map((weight, i) => Math.abs(weight / (PLANTED.weights[i] ?? 1) - 1) < 0.06)).toEqual([true, true]);
});

test('an example that weighs three is one that is there three times', () => {
  const few = drawn(300);
  const heavy = few.map((example, i) => ({ ...example, weight: i % 2 === 0 ? 3 : 1 }));
  const repeated = few.flatMap((example, i) => (i % 2 === 0 ? [example, example, example] : [example]));
  // Features are brought to one scale before weights count, so with a ridge the two would differ a little.
  const [byWeight, byNumber] = [fitLogistic(heavy, 1e-9), fitLogistic(repeated, 1e-9)];
  expect(byWeight.bias).toBeCloseTo(byNumber.bias, 3);
  expect(byWeight.weights).toEqual(byNumber.weights.map((weight) => expect.closeTo(weight, 3)));
});

test('the ridge holds weights small and leaves the bias free', () => {
  const examples = drawn(2000);
  const [loose, tight] = [fitLogistic(examples, 1e-3), fitLogistic(examples, 1e6)];
  expect(Math.abs(tight.weights[0] ?? 1)).toBeLessThan(0.01 * Math.abs(loose.weights[0] ?? 0));
  const share = examples.filter(({ positive }) => positive).length / examples.length;
  expect(tight.bias).toBeCloseTo(Math.log(share / (1 - share)), 1);
});

test('classes that a line divides still have finite weights, of the right sign', () => {
  const examples = [1, 2, 3, 7, 8, 9].map((value) => ({ features: [value], positive: value > 5, weight: 1 }));
  const { bias, weights } = fitLogistic(examples, 0.1);
  expect(weights[0]).toBeGreaterThan(0.3);
  expect(weights[0]).toBeLessThan(10);
  expect(-bias / (weights[0] ?? 1)).toBeCloseTo(5, 3);
});

test('a feature that is always the same gets no weight and is no error', () => {
  const examples = drawn(500).map((example) => ({ ...example, features: [...example.features, 7] }));
  const fit = fitLogistic(examples, 1);
  expect(fit.weights[2]).toBeCloseTo(0, 9);
  expect(fit.weights[0]).toBeGreaterThan(1);
});
