import { expect, test } from 'vitest';
import { readTrainOptions, TrainUsage } from './train-options.ts';

test('only the folder must be named', () => {
  expect(readTrainOptions(['clips'])).toEqual({
    directory: 'clips',
    run: 'default',
    judgeOnly: false,
    python: 'python3',
    rest: [],
  });
});

test('everything can be chosen, in any order', () => {
  const chosen = ['--python=/opt/python', '--judge-only', 'clips', '--run', 'seed_2-b'];
  expect(readTrainOptions(chosen)).toEqual({
    directory: 'clips',
    run: 'seed_2-b',
    judgeOnly: true,
    python: '/opt/python',
    rest: [],
  });
});

test('what stands after -- is for the other program, even where it looks like ours', () => {
  const rest = ['--seed', '2', '--run', '../x', 'folder', '--', '--judge-only', ''];
  expect(readTrainOptions(['clips', '--', ...rest])).toMatchObject({ run: 'default', judgeOnly: false, rest });
  expect(readTrainOptions(['clips', '--']).rest).toEqual([]);
});

test.each([
  [[], 'one folder'],
  [['--', 'clips'], 'one folder'],
  [['a', 'b'], 'one folder'],
  [['a', '--seed', '2'], '--seed'],
  [['a', '--run'], '--run'],
  [['a', '--judge-only=no'], '--judge-only'],
  [['a', '--run', ''], 'letters, digits'],
  [['a', '--run', '..'], 'letters, digits'],
  [['a', '--run', 'a/b'], 'letters, digits'],
  [['a', '--run', 'a b'], 'letters, digits'],
  [['a', '--run', 'v1.2'], 'letters, digits'],
  [['a', '--run=--out'], 'letters, digits'],
])('%j is refused, and the usage shown', (args, message) => {
  expect(() => readTrainOptions(args)).toThrow(TrainUsage);
  expect(() => readTrainOptions(args)).toThrow(message);
});
