import { describe, expect, test } from 'vitest';
import stillLiveness from '#models/still-liveness.json' with { type: 'json' };
import type { FaceEvidence, FrameQuality } from '#shared/rpc/inference.ts';
import { faceEvidence } from '../testing/evidence.ts';
import { canBeTrusted, judgeStill } from './judge-still.ts';
import { StillModel } from './still-model.ts';

const MODEL = StillModel.parse(stillLiveness);
const BEST = { square: 8, whole: 8 };
const GOOD = faceEvidence({ textureMargins: BEST });

const withMargins = (square: number | null, whole: number | null) =>
  judgeStill(faceEvidence({ textureMargins: { square, whole } }), MODEL);
const withQuality = (quality: Partial<FrameQuality>, different: Partial<FaceEvidence> = {}) =>
  judgeStill({ ...GOOD, ...different, quality: { ...GOOD.quality, ...quality } }, MODEL);

// Recorded of the weights that are in the repository: a new fit has new figures, and a new look at the model card.
test.each([
  [8, 8, 0.9985],
  [4.86, 5.78, 0.983],
  [3, 1, 0.732],
  [2, 0.6, 0.5895],
  [0, 0, 0.3027],
  [-8, 8, 0.3027],
  [-3, -5, 0.0108],
  [-8, -8, 0.0003],
])('golden: margins of %f and %f come to %f', (square, whole, expected) => {
  expect(withMargins(square, whole).realScore).toBeCloseTo(expected, 3);
});

test.each(['square', 'whole'] as const)('the surer the %s view is of a live face, the higher the score', (view) => {
  const margins = Array.from({ length: 33 }, (_, i) => i / 2 - 8);
  const scores = margins.map(
    (margin) => judgeStill(faceEvidence({ textureMargins: { square: 1, whole: 1, [view]: margin } }), MODEL).realScore,
  );
  for (const [i, score] of scores.slice(1).entries()) expect(score).toBeGreaterThan(scores[i] ?? 1);
});

test.each([
  [Number.NaN, 8],
  [8, Number.NaN],
  [Number.POSITIVE_INFINITY, 8],
  [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY],
  [null, 8],
  [8, null],
  [null, null],
])('margins of %s and %s are no evidence: not live', (square, whole) => {
  expect(withMargins(square, whole)).toEqual({ realScore: 0, advice: expect.any(String) });
});

test('a good picture has nothing to be mended', () => {
  expect(judgeStill(GOOD, MODEL)).toEqual({ realScore: expect.closeTo(0.9985, 3), advice: null });
});

describe('what the texture model cannot be trusted with is not live, whatever it says', () => {
  test.each<[string, Partial<FrameQuality>, Partial<FaceEvidence>, RegExp]>([
    ['a small face', { faceSizePixels: 69.9 }, {}, /small.*Come closer/],
    ['a dark one', { brightness: 44.9 }, {}, /too dark.*light/],
    ['one that fills the picture', { faceSizePixels: 188 }, {}, /Move back/],
    ['one in a picture hardly larger', {}, { square: { x: 0, y: 0, width: 89, height: 89 } }, /Move back/],
  ])('%s', (_, quality, different, advice) => {
    expect(withQuality(quality, different)).toEqual({ realScore: 0, advice: expect.stringMatching(advice) });
  });

  test.each(['faceSizePixels', 'brightness'] as const)('a %s that is no number', (name) => {
    expect(withQuality({ [name]: Number.NaN }).realScore).toBe(0);
  });

  test('and up to there it is', () => {
    expect(withQuality({ faceSizePixels: 70, brightness: 45 }).realScore).toBeGreaterThan(0.9);
    expect(withQuality({ faceSizePixels: 186 }).realScore).toBeGreaterThan(0.9);
    expect(canBeTrusted(GOOD)).toBe(true);
  });
});

test('more than one thing to mend is all said', () => {
  const { advice } = withQuality({ faceSizePixels: 60, brightness: 20, sharpness: 1 }, { faceCount: 3 });
  expect(advice).toMatch(/Come closer.*Several faces.*dark.*blurred/);
});

test('blur and company are said, and refuse nobody', () => {
  const { realScore, advice } = withQuality({ sharpness: 1 }, { faceCount: 2 });
  expect(realScore).toBeGreaterThan(0.9);
  expect(advice).toMatch(/Several faces.*blurred/);
});

test('a well taken picture that is doubted has general advice, from the threshold on none', () => {
  const scoreAndAdvice = [1.4, 1.6].map((margin) => withMargins(margin, margin));
  const [doubted, believed] = scoreAndAdvice;
  expect(doubted?.realScore).toBeLessThan(0.65);
  expect(doubted?.advice).toMatch(/even light/);
  expect(believed?.realScore).toBeGreaterThan(0.65);
  expect(believed?.advice).toBeNull();
});
