import { expect, test } from 'vitest';
import { FUSION_MODELS } from '#models/fusion/fusion-models.ts';
import { MODELS } from '#models/registry.ts';
import { FusionModel } from './fusion-model.ts';
import { PLAIN_MODEL } from './testing/plain-fusion.ts';

test('a file that names known features is read', () => {
  expect(FusionModel.parse(PLAIN_MODEL)).toEqual(PLAIN_MODEL);
});

test.each<[string, unknown]>([
  ['a feature that nobody measures', { ...PLAIN_MODEL, motion: { bias: 0, weights: { aura: 1 } } }],
  ['a feature of the other side', { ...PLAIN_MODEL, texture: { bias: 0, weights: { wide: 1 } } }],
  ['a weight that is no number', { ...PLAIN_MODEL, texture: { bias: 0, weights: { margin: '1' } } }],
  ['a bias that is none', { ...PLAIN_MODEL, texture: { bias: null, weights: {} } }],
  ['an infinite weight', { ...PLAIN_MODEL, texture: { bias: 0, weights: { margin: Number.POSITIVE_INFINITY } } }],
  ['a side that is missing', { ...PLAIN_MODEL, motion: undefined }],
  ['a member that nobody reads', { ...PLAIN_MODEL, threshold: 0.1 }],
  ['nothing', undefined],
])('refused: %s', (_, file) => {
  expect(FusionModel.safeParse(file).success).toBe(false);
});

test('every model of the registry has a file, and no file is for another', () => {
  expect(Object.keys(FUSION_MODELS).sort()).toEqual(MODELS.map(({ id }) => id).sort());
});

test.each(MODELS.map(({ id }) => id))('the file of %s can be read and is its own', (id) => {
  expect(FusionModel.parse(FUSION_MODELS[id]).model).toBe(id);
});

test.each(MODELS.map(({ id }) => id))('in the file of %s a better texture margin speaks for life', (id) => {
  expect(FusionModel.parse(FUSION_MODELS[id]).texture.weights.margin).toBeGreaterThan(0);
});
