import { expect, test } from 'vitest';
import { fuse } from './fuse.ts';
import type { FusionModel } from './fusion-model.ts';
import { liveEvidence, motionOf, PLAIN_MODEL } from './testing/plain-fusion.ts';

test('a recording that is neither a recapture nor a still is live', () => {
  const { realScore, texture, motion, continuity } = fuse(liveEvidence(), PLAIN_MODEL);
  expect(texture).toBe(5);
  expect(motion).toBeCloseTo(4, 1);
  expect(continuity).toBeCloseTo(-4 - 3 * Math.log(0.012), 6);
  const doubt = Math.exp(-texture) + Math.exp(-motion) + Math.exp(-continuity);
  expect(realScore).toBeCloseTo(1 / (1 + doubt), 12);
  expect(realScore).toBeGreaterThan(0.95);
});

test('each side alone brings it down, however sure the other is', () => {
  const recapture = fuse(liveEvidence({ textureMargin: -2, motion: motionOf(1000) }), PLAIN_MODEL);
  expect(recapture.motion).toBe(12);
  expect(recapture.realScore).toBeLessThan(0.05);
  const still = fuse(liveEvidence({ textureMargin: 1000, motion: motionOf(0.01) }), PLAIN_MODEL);
  expect(still.texture).toBe(12);
  expect(still.realScore).toBeLessThan(0.02);
});

test.each([
  ['texture', { textureMargin: null }],
  ['motion', { motion: null }],
  ['landmarks', { landmarks: null }],
])('evidence that is missing speaks for an attack: %s', (_, missing) => {
  expect(fuse(liveEvidence(missing), PLAIN_MODEL).realScore).toBeLessThan(0.001);
});

test('a pulse that is missing does not: a short recording carries none', () => {
  expect(fuse(liveEvidence({ pulse: null }), PLAIN_MODEL).realScore).toBeGreaterThan(0.95);
});

test.each([
  ['a margin', { textureMargin: Number.NaN }],
  ['a motion', { motion: motionOf(Number.NaN) }],
])('%s that is no number speaks for an attack', (_, broken) => {
  expect(fuse(liveEvidence(broken), PLAIN_MODEL).realScore).toBeLessThan(0.001);
});

test('a model that weighs our texture network fails closed on records without it; one that does not is as it was', () => {
  const own = { ...PLAIN_MODEL, texture: { bias: -1, weights: { recapture: 1 } } };
  const before = liveEvidence({ recaptureMargin: null });
  expect(fuse(liveEvidence(), own).realScore).toBeGreaterThan(0.9);
  expect(fuse(before, own).realScore).toBeLessThan(0.001);
  expect(fuse(before, PLAIN_MODEL).realScore).toBe(fuse(liveEvidence(), PLAIN_MODEL).realScore);
});

test('no number reaches the score even when both sides are none', () => {
  const { realScore } = fuse(liveEvidence({ textureMargin: Number.NaN, motion: motionOf(Number.NaN) }), PLAIN_MODEL);
  expect(realScore).toBeGreaterThanOrEqual(0);
  expect(realScore).toBeLessThan(0.001);
});

test('infinities stay within what a side can be sure of', () => {
  const { texture, motion, realScore } = fuse(
    liveEvidence({ textureMargin: Number.POSITIVE_INFINITY, motion: motionOf(Number.POSITIVE_INFINITY) }),
    PLAIN_MODEL,
  );
  expect([texture, motion]).toEqual([12, 12]);
  expect(realScore).toBeLessThan(1);
});

test('a bias that is no number, or a weight, cannot pass', () => {
  const broken: FusionModel[] = [
    { ...PLAIN_MODEL, texture: { bias: Number.NaN, weights: { margin: 1 } } },
    { ...PLAIN_MODEL, motion: { bias: 4, weights: { wide: Number.NaN } } },
  ];
  for (const model of broken) expect(fuse(liveEvidence(), model).realScore).toBeLessThan(0.001);
});

test('a better margin, or more motion, never lowers the score', () => {
  const steps = Array.from({ length: 41 }, (_, i) => i);
  const byMargin = steps.map((i) => fuse(liveEvidence({ textureMargin: i * 0.5 - 10 }), PLAIN_MODEL).realScore);
  const byMotion = steps.map((i) => fuse(liveEvidence({ motion: motionOf(i * 0.05) }), PLAIN_MODEL).realScore);
  for (const scores of [byMargin, byMotion]) {
    expect(scores).toEqual([...scores].sort((a, b) => a - b));
    expect(scores[0]).toBeLessThan(0.01);
    expect(scores.at(-1)).toBeGreaterThan(0.9);
  }
});

test('what a model does not weigh does not count', () => {
  const usual = fuse(liveEvidence(), PLAIN_MODEL);
  const other = fuse(
    liveEvidence({ textureSpread: 9, pulse: { beatsPerMinute: 70, signalToNoiseDb: 9 } }),
    PLAIN_MODEL,
  );
  expect(other).toEqual(usual);
});

test('what it weighs does', () => {
  const model: FusionModel = {
    ...PLAIN_MODEL,
    texture: { bias: -1, weights: { margin: 1, spread: -2 } },
    motion: { bias: 4, weights: { wide: 2, pulse: 0.1 } },
  };
  const usual = fuse(liveEvidence(), model);
  expect(usual.texture).toBeCloseTo(5 - 2 * 0.5, 9);
  const pulse = { beatsPerMinute: 70, signalToNoiseDb: 6 };
  expect(fuse(liveEvidence({ pulse }), model).motion - usual.motion).toBeCloseTo(0.1 * (6 - -4), 6);
});

test('pictures that follow each other without following from each other are refused, however well they look', () => {
  const usual = liveEvidence();
  if (usual.landmarks === null) throw new Error('no landmarks');
  const landmarks = { ...usual.landmarks, jerkTypical: 0.3, jerkAtWorst: 0.5 };
  const show = fuse(liveEvidence({ textureMargin: 8, motion: motionOf(10), landmarks }), PLAIN_MODEL);
  expect(show.realScore).toBeLessThan(0.65);
  expect(fuse(liveEvidence({ textureMargin: 8, motion: motionOf(10) }), PLAIN_MODEL).realScore).toBeGreaterThan(0.9);
});
