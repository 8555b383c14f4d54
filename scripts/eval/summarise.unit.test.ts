import { expect, test } from 'vitest';
import { stillLabel } from './label-class.ts';
import { type JudgedWindow, summarise } from './summarise.ts';

const window = (label: string, file: string, source: string, score: number): JudgedWindow => ({
  model: 'mixed-10-v2',
  endpoint: 'fast-check',
  recording: 0,
  file,
  source,
  label,
  score,
  passed: score >= 0.65,
});

const WINDOWS: JudgedWindow[] = [
  window('live', 'a1', 'a', 0.9),
  window('live', 'a1', 'a', 0.8),
  window('live', 'a2', 'a', 0.65),
  window('live', 'b1', 'b', 0.3),
  window('spoof_replay_phone', 'c1', 'c', 0.1),
  window('spoof_replay_phone', 'c2', 'c', 0.7),
  window('spoof_print_photo', 'd1', 'd', 0.2),
  window('spoof_deepfake', 'e1', 'e', 0.95),
  window('spoof_faceswap_crude', 'f1', 'f', 0.2),
  window('spoof_mask', 'g1', 'g', 0.7),
  window(stillLabel('frozen'), 'a1', 'a', 0),
  window(stillLabel('noisy'), 'a1', 'a', 0.8),
  { ...window('live', 'z', 'z', 0), model: 'mixed-30-v2' },
  { ...window('live', 'z', 'z', 0), endpoint: 'fast-check-crops' },
];
const summary = summarise('mixed-10-v2', 'fast-check', WINDOWS);

test('BPCER counts the people who are turned away, of this model and endpoint alone', () => {
  expect(summary?.live).toMatchObject({ clips: 3, sources: 2, wrong: { errors: 1, trials: 4, rate: 0.25 } });
});

test('APCER counts the attacks that get in, by type and over all physical ones', () => {
  expect(summary?.attacks.physical).toMatchObject([
    { name: 'spoof_replay_phone', clips: 2, sources: 1, wrong: { errors: 1, trials: 2 } },
    { name: 'spoof_print_photo', clips: 1, sources: 1, wrong: { errors: 0, trials: 1 } },
  ]);
  expect(summary?.physical).toMatchObject({ clips: 3, sources: 2, wrong: { errors: 1, trials: 3 } });
});

test('doctored files, stills and what is neither stay out of the physical attacks', () => {
  expect(summary?.attacks.doctored.map(({ name, wrong }) => [name, wrong.rate])).toEqual([
    ['spoof_deepfake', 1],
    ['spoof_faceswap_crude', 0],
  ]);
  expect(summary?.attacks.still.map(({ name, wrong }) => [name, wrong.rate])).toEqual([
    ['still: frozen', 0],
    ['still: noisy', 1],
  ]);
  expect(summary?.attacks.other).toMatchObject([{ name: 'spoof_mask', wrong: { errors: 1, trials: 1 } }]);
});

test('AUC and EER hold live against physical attacks, and against doctored files apart', () => {
  // Live 0.9 and 0.8 beat all three, 0.65 and 0.3 two each: 10 of 12 pairs.
  expect(summary?.againstPhysical?.auc).toBeCloseTo(10 / 12, 12);
  expect(summary?.againstPhysical?.aucInterval).not.toBeNull();
  // 0.9 and 0.8 and 0.65 and 0.3 beat 0.2; none beats 0.95.
  expect(summary?.againstDoctored?.auc).toBe(0.5);
});

test('nothing is made up where there was nothing to judge', () => {
  expect(summarise('250', 'fast-check', WINDOWS)).toBeNull();
  const alone = summarise('mixed-30-v2', 'fast-check', WINDOWS);
  expect(alone).toMatchObject({ live: { wrong: { rate: 1 } }, physical: null, againstPhysical: null });
  expect(Object.values(alone?.attacks ?? {}).flat()).toEqual([]);
});
