import { expect, test } from 'vitest';
import { DEFAULT_MODEL_ID, MODELS } from './registry.ts';

const columns = MODELS.map((model) =>
  [model.id, model.minFrames, model.family, model.deprecated ? model.suggestedModel : 'no', model.creditsPerCheck].join(
    ' | ',
  ),
);

test('is the table of the public contract', () => {
  expect(columns).toEqual([
    '10 | 10 | fast | no | 1',
    '50 | 50 | spatial | no | 1',
    '250 | 250 | high-security | no | 2',
    'mixed-10-v2 | 10 | mixed-v2 | no | 1',
    'mixed-30-v2 | 30 | mixed-v2 | no | 1',
    'mixed-60-v2 | 60 | mixed-v2 | no | 1',
    'mixed-90-v2 | 90 | mixed-v2 | no | 1',
    'mixed-120-v2 | 120 | mixed-v2 | no | 2',
    'mixed-10 | 10 | mixed-legacy | mixed-10-v2 | 1',
    'mixed-30 | 30 | mixed-legacy | mixed-30-v2 | 1',
    'mixed-60 | 60 | mixed-legacy | mixed-60-v2 | 1',
    'mixed-90 | 90 | mixed-legacy | mixed-90-v2 | 1',
    'mixed-120 | 120 | mixed-legacy | mixed-120-v2 | 2',
    'mixed-150 | 150 | mixed-legacy | mixed-120-v2 | 2',
    'mixed-250 | 250 | mixed-legacy | mixed-120-v2 | 2',
    'hybrid-v2-50 | 50 | hybrid-v2 | no | 1',
    'hybrid-v2-150 | 150 | hybrid-v2 | no | 1',
    'mixed-30-v3_1_1 | 30 | temporal-physio | no | 1',
    'mixed-60-v3_1_1 | 60 | temporal-physio | no | 1',
    'mixed-120-v3_1_1 | 120 | temporal-physio | no | 2',
  ]);
});

test('only hybrid models need fps', () => {
  expect(MODELS.filter(({ needsFps }) => needsFps).map(({ id }) => id)).toEqual(['hybrid-v2-50', 'hybrid-v2-150']);
});

test('ids, labels and aliases name one model each', () => {
  const lists = [
    MODELS.map(({ id }) => id),
    MODELS.map(({ label }) => label),
    MODELS.flatMap(({ aliases }) => aliases),
  ];
  for (const list of lists) expect(new Set(list).size).toBe(list.length);
});

test('a deprecated model suggests one that stays, and says until when it lasts', () => {
  for (const model of MODELS) {
    if (!model.deprecated) continue;
    expect(MODELS.find(({ id }) => id === model.suggestedModel)).toMatchObject({
      deprecated: false,
      family: 'mixed-v2',
    });
    expect(model.sunset).toMatch(/^\d{4}-\d{2}-\d{2}$/);
    expect(new Date(model.sunset).toISOString().slice(0, 10)).toBe(model.sunset);
  }
});

test('the default is a model that stays', () => {
  expect(MODELS.find(({ id }) => id === DEFAULT_MODEL_ID)?.deprecated).toBe(false);
});

test('every model is judged with the weights that the inference Worker carries', () => {
  const keys = ['face-detector', 'texture-liveness', 'texture-recapture', 'face-landmarks'];
  for (const { weights } of MODELS) expect(weights).toEqual(keys);
});
