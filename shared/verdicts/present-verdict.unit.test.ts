import { expect, test } from 'vitest';
import { answerOf, bandOf, hybridAnswerOf, presentVerdict, verdictOf } from './present-verdict.ts';

test.each([
  [0, 'VERY LOW', 'fake'],
  [34.999, 'VERY LOW', 'fake'],
  [35, 'LOW', 'fake'],
  [49.999, 'LOW', 'fake'],
  [50, 'MEDIUM', 'fake'],
  [64.999, 'MEDIUM', 'fake'],
  [65, 'HIGH', 'live'],
  [79.999, 'HIGH', 'live'],
  [80, 'VERY HIGH', 'live'],
  [100, 'VERY HIGH', 'live'],
] as const)('a score of %d is %s and %s', (score, band, verdict) => {
  expect([bandOf(score), verdictOf(score)]).toEqual([band, verdict]);
});

test('what is no number is no live person', () => {
  expect([bandOf(Number.NaN), verdictOf(Number.NaN)]).toEqual(['VERY LOW', 'fake']);
});

const given = {
  session_id: 'abc',
  model: '10',
  input_source: 'rest_frames',
  processing_ms: 12,
  frames_processed: 10,
  warnings: null,
  tenant_metadata: { channel: 'web' },
} as const;
const judgement = {
  realScore: 0.65,
  visualScore: 0.8,
  pulseWasRead: false,
  warning: 'dark',
  diagnostics: [{ cue: 'light', value: 0.2, speaksFor: 'fake', advice: 'Face the light.' }] as const,
};
const stored = presentVerdict({ ...judgement, diagnostics: [...judgement.diagnostics] }, given, Date.UTC(2026, 2, 27));

test('a probability of exactly 0.65 is live', () => {
  expect(stored).toMatchObject({ verdict: 'live', type: 'HIGH', score: 65, confidence: 0.65, real_score: 0.65 });
  expect(stored).toMatchObject({
    warning: 'dark',
    tenant_metadata: { channel: 'web' },
    created_at: '2026-03-27T00:00:00.000Z',
  });
});

test('what kind of evidence there was is for the routes that tell it, and missing on old verdicts', () => {
  const asked = { session_id: 'ABC', diagnostics: false };
  expect(answerOf(stored, asked)).not.toHaveProperty('visual_score');
  expect(hybridAnswerOf(stored, asked)).toMatchObject({ visual_score: 0.8, physio_extracted: false });
  const { visual_score: _, physio_extracted: __, ...old } = stored;
  expect(hybridAnswerOf(old, asked)).toMatchObject({ visual_score: null, physio_extracted: false });
});

test('diagnostics are for those who ask', () => {
  expect(answerOf(stored, { session_id: 'ABC', diagnostics: false })).not.toHaveProperty('diagnostics');
  expect(answerOf(stored, { session_id: 'ABC', diagnostics: true })).toMatchObject({
    session_id: 'ABC',
    diagnostics: [{ cue: 'light', value: 0.2, speaks_for: 'fake', advice: 'Face the light.' }],
  });
});
