import { expect, test } from 'vitest';
import type { ModelId } from '../../models/registry.ts';
import { comparedPairs, compareModels, formatComparison } from './compare-models.ts';
import { type JudgedWindow, summarise } from './summarise.ts';

const PAIR = { older: 'mixed-10', newer: 'mixed-10-v2' } as const;

const RECORDINGS = ['live-1', 'live-2', 'live-3', 'fake-1', 'fake-2'];

function judgedBy(model: ModelId, scores: Record<string, number>): JudgedWindow[] {
  return Object.entries(scores).map(([file, score]) => ({
    model,
    endpoint: 'fast-check',
    recording: RECORDINGS.indexOf(file),
    file,
    source: file,
    label: file.startsWith('live') ? 'live' : 'spoof_replay_phone',
    score,
    passed: score >= 0.65,
  }));
}

const OLDER = judgedBy('mixed-10', { 'live-1': 0.9, 'live-2': 0.4, 'live-3': 0.8, 'fake-1': 0.9, 'fake-2': 0.1 });
const NEWER = judgedBy('mixed-10-v2', { 'live-1': 0.9, 'live-2': 0.7, 'live-3': 0.6, 'fake-1': 0.2, 'fake-2': 0.1 });

test('a legacy model is compared with the one that is suggested instead, where both were tested and are as long', () => {
  expect(comparedPairs(['mixed-10', 'mixed-10-v2', 'mixed-30-v2', '10'])).toEqual([PAIR]);
  expect(comparedPairs(['mixed-150', 'mixed-120-v2'])).toEqual([]);
  expect(comparedPairs(['mixed-10-v2'])).toEqual([]);
});

test('verdicts that changed are counted by which way, of people and of attacks', () => {
  expect(compareModels(PAIR, 'fast-check', [...OLDER, ...NEWER])).toEqual({
    ...PAIR,
    endpoint: 'fast-check',
    recordings: 5,
    people: { nowAccepted: 1, nowRejected: 1 },
    attacks: { nowAccepted: 0, nowRejected: 1 },
  });
});

test('a recording that one of them did not judge is in no comparison, and the others stay with their own', () => {
  const comparison = compareModels(PAIR, 'fast-check', [...OLDER.slice(1), ...NEWER.slice(0, -1).toReversed()]);
  expect(comparison).toMatchObject({ recordings: 3, people: { nowAccepted: 1, nowRejected: 1 } });
});

test('where no recording was judged by both, nothing is compared', () => {
  expect(compareModels(PAIR, 'fast-check', [...OLDER.slice(0, 1), ...NEWER.slice(1)])).toBeNull();
  expect(compareModels(PAIR, 'fast-check-crops', [...OLDER, ...NEWER])).toBeNull();
});

test('the table has both, and says what changed', () => {
  const judged = [...OLDER, ...NEWER];
  const comparison = compareModels(PAIR, 'fast-check', judged);
  const summaries = [PAIR.older, PAIR.newer].flatMap((model) => summarise(model, 'fast-check', judged) ?? []);
  const lines = comparison ? formatComparison(comparison, summaries) : [];
  expect(lines.map((line) => line.replace(/ {2,}/g, ' | ').trim())).toEqual([
    '',
    'mixed-10 and mixed-10-v2 at fast-check, side by side; verdicts on the same 5 recordings',
    '',
    '| BPCER | APCER | doctored | stills | AUC | EER',
    '| mixed-10 | 33.3 % | 50.0 % | - | - | 0.583 | 50.0 %',
    '| mixed-10-v2 | 33.3 % | 0.0 % | - | - | 1.000 | 0.0 %',
    '',
    '| changed verdicts: people 1 now accepted, 1 now rejected; attacks 1 now rejected, 0 now accepted',
  ]);
});
