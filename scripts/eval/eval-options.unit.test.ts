import { expect, test } from 'vitest';
import { MODELS } from '#models/registry.ts';
import { readEvalOptions } from './eval-options.ts';

test('only the folder must be named', () => {
  const { models, ...rest } = readEvalOptions(['clips']);
  expect(models.map(({ id }) => id)).toEqual(['mixed-10', 'mixed-10-v2', 'mixed-30', 'mixed-30-v2']);
  expect(rest).toEqual({
    directory: 'clips',
    fps: null,
    windows: 3,
    endpoints: ['fast-check', 'fast-check-crops'],
    jsonFile: null,
  });
});

test('everything can be chosen', () => {
  const chosen = [
    '--models',
    '10,50',
    '--fps=12.5',
    '--windows',
    '1',
    '--endpoint',
    'fast-check',
    '--json',
    'out.json',
  ];
  expect(readEvalOptions(['clips', ...chosen])).toMatchObject({
    models: [{ id: '10' }, { id: '50' }],
    fps: 12.5,
    windows: 1,
    endpoints: ['fast-check'],
    jsonFile: 'out.json',
  });
  expect(readEvalOptions(['clips', '--models', 'all']).models).toEqual(MODELS);
});

test.each([
  [[], 'one folder'],
  [['a', 'b'], 'one folder'],
  [['a', '--models', 'mixed-11'], 'no model "mixed-11"'],
  [['a', '--fps', '0'], '--fps'],
  [['a', '--fps', ''], '--fps'],
  [['a', '--fps', '31'], '--fps'],
  [['a', '--windows', '1.5'], '--windows'],
  [['a', '--endpoint', 'stream'], '--endpoint'],
  [['a', '--colour', 'red'], '--colour'],
])('%j is refused', (args, message) => {
  expect(() => readEvalOptions(args)).toThrow(message);
});
