import { expect, test, vi } from 'vitest';
import { RuntimeNotStarted, WeightNotLoaded } from './errors.ts';
import { weightsHealth } from './weights-health.ts';

test('names the weights that run', async () => {
  const health = await weightsHealth(() => Promise.resolve(new Map([['one', 1]])), vi.fn());
  expect(health).toEqual({ ok: true, weights: ['one'] });
});

const inner = new Error('cannot read /secret/place.onnx');
test.each([
  ['the weight that does not load', new WeightNotLoaded('one', inner), 'one could not be loaded'],
  [
    'a runtime that did not start',
    new WeightNotLoaded('one', new RuntimeNotStarted(inner)),
    'the inference runtime did not start',
  ],
  ['nothing of an unforeseen error', inner, 'the weights could not be loaded'],
])('a failure names %s; the rest goes to the log', async (_what, error, reason) => {
  const log = vi.fn();
  expect(await weightsHealth(() => Promise.reject(error), log)).toEqual({ ok: false, reason });
  expect(log).toHaveBeenCalledWith(expect.any(String), error);
});
