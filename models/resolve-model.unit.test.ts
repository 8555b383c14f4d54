import { expect, test } from 'vitest';
import { MODELS } from './registry.ts';
import { type ModelSelection, resolveModel } from './resolve-model.ts';

const idOf = (selection: ModelSelection) => {
  const result = resolveModel(selection);
  return result.ok ? result.model.id : `${result.code}: ${result.message}`;
};

test('without a header: `model`, and "10" when it is absent', () => {
  expect(idOf({})).toBe('10');
  expect(idOf({ frameCount: 30 })).toBe('10');
  for (const { id } of MODELS) expect(idOf({ model: id })).toBe(id);
});

const pairs: [version: string, frameCounts: number[], id: (frames: number) => string][] = [
  ['latest', [10, 30, 60, 90, 120], (frames) => `mixed-${frames}-v2`],
  ['v2', [10, 30, 60, 90, 120], (frames) => `mixed-${frames}-v2`],
  ['v1', [10, 30, 60, 90, 120, 150, 250], (frames) => `mixed-${frames}`],
  ['v3_1_1', [30, 60, 120], (frames) => `mixed-${frames}-v3_1_1`],
  ['fast', [10], () => 'mixed-10-v2'],
];

test.each(pairs)('X-Model-Version: %s resolves %j', (versionHeader, frameCounts, id) => {
  for (const frameCount of frameCounts) expect(idOf({ versionHeader, frameCount })).toBe(id(frameCount));
});

test('the listed aliases are exactly the pairs that resolve', () => {
  const expected = pairs.flatMap(([version, frameCounts]) => frameCounts.map((frames) => `${version}/${frames}`));
  expect(MODELS.flatMap(({ aliases }) => aliases).sort()).toEqual(expected.sort());
  expect(MODELS.find(({ id }) => id === 'mixed-30-v2')?.aliases).toEqual(['latest/30', 'v2/30']);
});

test('with a header, `model` is not looked at', () => {
  expect(idOf({ versionHeader: 'latest', frameCount: 30, model: 'nonsense' })).toBe('mixed-30-v2');
  expect(idOf({ versionHeader: 'latest', frameCount: 30, model: { not: 'a string' } })).toBe('mixed-30-v2');
});

test.each<[string, unknown]>([
  ['latest', 50],
  ['latest', 0],
  ['latest', -10],
  ['v2', 150],
  ['v1', 50],
  ['v3_1_1', 10],
  ['fast', 30],
  ['v9', 30],
  ['LATEST', 30],
  ['', 10],
  ['latest/1', 0],
  ['constructor', 10],
])(
  'X-Model-Version %j with frame_count %j is no model, and the message names the valid pairs',
  (versionHeader, frameCount) => {
    expect(resolveModel({ versionHeader, frameCount })).toEqual({
      ok: false,
      code: 'invalid_model',
      field: 'frame_count',
      message: expect.stringMatching(/latest\/10.*fast\/10.*v1\/250.*v3_1_1\/120/),
    });
  },
);

test('a header without frame_count', () => {
  const missing = { ok: false, code: 'missing_field', field: 'frame_count', message: 'frame_count is required' };
  expect(resolveModel({ versionHeader: 'latest' })).toEqual(missing);
  expect(resolveModel({ versionHeader: 'v9', model: '10' })).toEqual(missing);
});

test.each([['30'], [30.5], [Number.NaN], [null], [[30]], [true]])('frame_count %j is not an integer', (frameCount) => {
  expect(resolveModel({ versionHeader: 'latest', frameCount })).toMatchObject({
    ok: false,
    code: 'validation_error',
    field: 'frame_count',
  });
});

test.each([['mixed-30-v9'], [''], ['MIXED-30-V2'], ['constructor'], [' 10']])(
  'model %j is unknown, and the message names the valid ones',
  (model) => {
    expect(resolveModel({ model })).toEqual({
      ok: false,
      code: 'invalid_model',
      field: 'model',
      message: expect.stringMatching(/10, 50, 250, mixed-10-v2.*hybrid-v2-150.*mixed-120-v3_1_1/),
    });
  },
);

test.each([[10], [null], [{}], [['10']]])(
  'model %j is not a string, and does not fall back to the default',
  (model) => {
    expect(resolveModel({ model })).toMatchObject({ ok: false, code: 'validation_error', field: 'model' });
  },
);
