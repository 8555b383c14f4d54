import { beforeEach, expect, test, vi } from 'vitest';
import type { FrameEvidence } from '#shared/rpc/inference.ts';
import type { FusionModel } from './fusion/fusion-model.ts';
import { PLAIN_MODEL } from './fusion/testing/plain-fusion.ts';
import { judgeCheck } from './judge-check.ts';
import { landmarksMoved } from './temporal/testing/neutral-landmarks.ts';
import { faceEvidence, frameOf } from './testing/evidence.ts';

/** The file that is there for model 10; what is not, is `undefined`. */
const file = vi.hoisted(() => ({ of10: undefined as unknown }));
vi.mock('#models/fusion/fusion-models.ts', () => ({
  get FUSION_MODELS() {
    return { '10': file.of10 };
  },
}));

const log = vi.fn();
const evidence: FrameEvidence[] = Array.from({ length: 10 }, (_, index) => {
  const patch = new Uint8Array(112 * 112).map((__, at) => (at * (index + 7)) % 251);
  const textureMargins = { square: 6, whole: 6 };
  return frameOf(faceEvidence({ contentHash: `${index}`, patch, textureMargins, landmarks: landmarksMoved() }));
});

const FAILED = { ok: false, reason: 'the check could not be judged' };

beforeEach(() => {
  log.mockReset();
  file.of10 = PLAIN_MODEL;
});

test('a verdict by the file of the model', () => {
  const result = judgeCheck({ model: '10', evidence, fps: 30 }, log);
  expect(result).toMatchObject({ ok: true, judgement: { realScore: expect.any(Number), warning: null } });
  expect(log).not.toHaveBeenCalled();
});

test.each<[string, unknown]>([
  ['is missing', undefined],
  ['is empty', {}],
  ['weighs what nobody measures', { ...PLAIN_MODEL, motion: { bias: 99, weights: { aura: 9 } } }],
])('a file that %s gives no verdict, and the cause is logged, not told', (_, content) => {
  file.of10 = content;
  expect(judgeCheck({ model: '10', evidence, fps: 30 }, log)).toEqual(FAILED);
  expect(log).toHaveBeenCalledExactlyOnceWith(expect.any(String), expect.any(Error));
});

test('nor does a model that there is no file for', () => {
  expect(judgeCheck({ model: 'mixed-10-v2', evidence, fps: null }, log)).toEqual(FAILED);
});

test('nor do records that cannot be read', () => {
  const [first = frameOf(null)] = evidence;
  const broken = structuredClone(first);
  Object.defineProperty(broken, 'face', { get: () => JSON.parse('{"quality": null}') });
  expect(judgeCheck({ model: '10', evidence: [broken, ...evidence], fps: 30 }, log)).toEqual(FAILED);
});

test('numbers that are none never make a score', () => {
  const lost = evidence.map((frame) =>
    frameOf(frame.face && { ...frame.face, textureMargins: { square: Number.NaN, whole: Number.NaN } }),
  );
  const result = judgeCheck({ model: '10', evidence: lost, fps: 30 }, log);
  expect(result.ok && result.judgement.realScore).toBeLessThan(0.001);
  const model: FusionModel = { ...PLAIN_MODEL, texture: { bias: 5, weights: { margin: 1, spread: 1 } } };
  file.of10 = model;
  const other = judgeCheck({ model: '10', evidence: lost, fps: 30 }, log);
  expect(other.ok && other.judgement.realScore).toBeLessThan(0.001);
});
