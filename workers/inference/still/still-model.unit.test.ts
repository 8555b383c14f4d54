import { expect, test } from 'vitest';
import stillLiveness from '#models/still-liveness.json' with { type: 'json' };
import { StillModel } from './still-model.ts';

test('the file of the repository is one', () => {
  expect(StillModel.parse(stillLiveness)).toEqual(stillLiveness);
});

test.each([
  ['no weights', { weights: {} }],
  ['a weight that turns the network round', { weights: { margin: -0.5 } }],
  ['a weight of nothing', { weights: { margin: 0 } }],
  ['a weight of something unknown', { weights: { margin: 1, brightness: 2 } }],
  ['a bias that is no number', { bias: Number.NaN }],
  ['nothing on what it was fitted on', { fitted: undefined }],
])('one with %s is refused', (_, different) => {
  expect(StillModel.safeParse({ ...stillLiveness, ...different }).success).toBe(false);
});
