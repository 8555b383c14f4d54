import { expect, test } from 'vitest';
import { bootstrapSources, type ScoredWindow } from './bootstrap-sources.ts';
import { areaUnderRoc } from './roc.ts';

const live = (source: string, ...scores: number[]): ScoredWindow[] =>
  scores.map((score) => ({ source, isLive: true, score }));
const attacks = (source: string, ...scores: number[]): ScoredWindow[] =>
  scores.map((score) => ({ source, isLive: false, score }));

test('the same data give the same interval', () => {
  const windows = [...live('a', 0.9), ...live('b', 0.4), ...attacks('c', 0.5), ...attacks('d', 0.1)];
  expect(bootstrapSources(windows, areaUnderRoc)).toEqual(bootstrapSources(windows, areaUnderRoc));
});

test('what no draw can change has no width', () => {
  const windows = [...live('a', 0.9), ...live('b', 0.8), ...attacks('c', 0.2), ...attacks('d', 0.1)];
  expect(bootstrapSources(windows, areaUnderRoc)).toEqual({ low: 1, high: 1 });
});

test('sources are drawn, not windows: many windows of one source are no certainty', () => {
  const many = (score: number) => Array.from({ length: 50 }, () => score);
  const windows = [...live('a', ...many(0.9)), ...live('b', ...many(0.3)), ...attacks('c', 0.5), ...attacks('d', 0.5)];
  // A draw with only `a` gives 1, with only `b` 0; both are common.
  expect(bootstrapSources(windows, areaUnderRoc)).toEqual({ low: 0, high: 1 });
});

test('one source of a class says nothing about others', () => {
  expect(bootstrapSources([...live('a', 0.9), ...live('b', 0.8), ...attacks('c', 0.2)], areaUnderRoc)).toBeNull();
  expect(bootstrapSources([...live('a', 0.9), ...attacks('b', 0.2), ...attacks('c', 0.2)], areaUnderRoc)).toBeNull();
});
