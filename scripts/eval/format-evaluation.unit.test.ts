import { expect, test } from 'vitest';
import { MODELS } from '#models/registry.ts';
import { formatEvaluation } from './format-evaluation.ts';
import { type JudgedWindow, summarise } from './summarise.ts';

const window = (label: string, source: string, score: number): JudgedWindow => ({
  model: 'mixed-10-v2',
  endpoint: 'fast-check',
  recording: 0,
  file: `${source}.mp4`,
  source,
  label,
  score,
  passed: score >= 0.65,
});

const WINDOWS = [
  window('live', 'a', 0.9),
  window('live', 'b', 0.5),
  window('spoof_replay_phone', 'c', 0.1),
  window('spoof_print_photo', 'd', 0.7),
];

test('a table gives counts, rates and intervals, and the type that does best', () => {
  const summary = summarise('mixed-10-v2', 'fast-check', WINDOWS);
  const notTested = [
    { file: 'x.mp4', label: 'live', reason: 'too short' },
    { file: 'y.mp4', label: 'live', reason: 'too short' },
    { file: 'y.mp4', label: 'live', model: 'mixed-10-v2', endpoint: 'fast-check', reason: 'refused' } as const,
  ];
  const text = formatEvaluation(
    summary ? [summary] : [],
    { notTested, judged: WINDOWS },
    { models: [...MODELS], fps: null },
  );
  expect(text.split('\n').map((line) => line.replace(/ {2,}/g, ' | ').trim())).toEqual([
    '',
    'mixed-10-v2 at fast-check: 10 frames, about 15 a second, threshold 0.65',
    '',
    '| people | windows | clips | sources | rejected | BPCER | 95 % (Wilson)',
    '| live | 2 | 2 | 2 | 1 | 50.0 % | 9.5 % to 90.5 %',
    '',
    '| before the camera | windows | clips | sources | accepted | APCER | 95 % (Wilson)',
    '| spoof_replay_phone | 1 | 1 | 1 | 0 | 0.0 % | 0.0 % to 79.3 %',
    '| spoof_print_photo | 1 | 1 | 1 | 1 | 100.0 % | 20.7 % to 100.0 %',
    '| all physical | 2 | 2 | 2 | 1 | 50.0 % | 9.5 % to 90.5 %',
    '',
    '| highest APCER of a physical type: 100.0 % (spoof_print_photo)',
    '',
    '| live against physical: AUC 0.750 (0.000 to 1.000), EER 50.0 % (0.0 % to 100.0 %)',
    '',
    'Not tested, and in none of the numbers: 3',
    '',
    '| too short: 2, of x.mp4, y.mp4',
    '| mixed-10-v2 at fast-check refused: 1, of y.mp4',
    '',
    expect.stringContaining('Not tested for conformance with ISO/IEC 30107-3, iBeta or CEN/TS 18099'),
    expect.any(String),
    expect.any(String),
    '',
  ]);
});
