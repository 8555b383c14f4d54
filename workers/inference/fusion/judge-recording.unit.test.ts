import { expect, test } from 'vitest';
import type { FaceEvidence, FrameEvidence, FrameQuality } from '#shared/rpc/inference.ts';
import { faceView, type Move } from '../temporal/testing/face-view.ts';
import { landmarksMoved } from '../temporal/testing/neutral-landmarks.ts';
import { faceEvidence, frameOf } from '../testing/evidence.ts';
import { realFaceCrop } from '../testing/real-face.ts';
import { judgeRecording } from './judge-recording.ts';
import { PLAIN_MODEL } from './testing/plain-fusion.ts';

const crop = await realFaceCrop();
const SQUARE = { x: 120, y: 180, width: 340, height: 340 };

/** A person who opens the mouth by and by, before a good camera. */
function frame(index: number, different: Partial<FaceEvidence> = {}): FrameEvidence {
  const move: Move = (x, y) => [x, y + 0.01 * index * Math.exp(-(x ** 2 + (y - 0.4) ** 2) / 0.05)];
  return frameOf(
    faceEvidence({
      patch: faceView(crop, move),
      contentHash: `${index}`,
      landmarks: landmarksMoved(),
      square: SQUARE,
      textureMargins: { square: 6, whole: 6 },
      ...different,
    }),
  );
}

const speaking = Array.from({ length: 10 }, (_, index) => frame(index));
const frozen = Array.from({ length: 10 }, (_, index) => frame(0, { contentHash: `${index}` }));
const NO_FACE = frameOf(null);
const noFaces = (count: number) => Array.from({ length: count }, () => NO_FACE);
const judge = (frames: readonly FrameEvidence[]) => judgeRecording({ frames, fps: 30 }, PLAIN_MODEL);

function withQuality(frames: readonly FrameEvidence[], quality: Partial<FrameQuality>, faceCount = 1): FrameEvidence[] {
  return frames.map((one) => ({
    ...one,
    face: one.face && { ...one.face, faceCount, quality: { ...one.face.quality, ...quality } },
  }));
}

test('a person who speaks is live, without a warning', () => {
  const { realScore, warning, diagnostics } = judge(speaking);
  expect(realScore).toBeGreaterThan(0.65);
  expect(warning).toBeNull();
  expect(diagnostics.map(({ cue }) => cue)).toEqual(expect.arrayContaining(['texture', 'motion', 'sharpness']));
});

test('equal pictures in files of their own are not: nothing moves', () => {
  expect(judge(frozen).realScore).toBeLessThan(0.05);
});

test('a person on a screen is not, however much they speak', () => {
  const screen = speaking.map((one) => frameOf(one.face && { ...one.face, textureMargins: { square: -6, whole: -6 } }));
  expect(judge(screen).realScore).toBeLessThan(0.05);
});

test('no face in most frames: not live at all, and why', () => {
  const { realScore, warning, diagnostics } = judge([...speaking.slice(0, 4), ...noFaces(6)]);
  expect(realScore).toBe(0);
  expect(warning).toMatch(/[Nn]o face/);
  expect(diagnostics[0]).toMatchObject({ cue: 'faces_found', value: 0.4, speaksFor: 'fake' });
});

test('no face in any frame, or no frame: the same', () => {
  for (const frames of [noFaces(10), []]) {
    const { realScore, warning } = judge(frames);
    expect(realScore).toBe(0);
    expect(warning).toMatch(/[Nn]o face/);
  }
});

test('a face in most frames is enough', () => {
  expect(judge([...speaking, NO_FACE, NO_FACE]).realScore).toBeGreaterThan(0.65);
});

test('most frames repeat: not live at all, and why', () => {
  const repeated = [...speaking.slice(0, 4), ...Array.from({ length: 6 }, () => frame(0))];
  const { realScore, warning, diagnostics } = judge(repeated);
  expect(realScore).toBe(0);
  expect(warning).toMatch(/repeat/);
  expect(diagnostics.find(({ cue }) => cue === 'distinct_frames')).toMatchObject({ value: 0.4, speaksFor: 'fake' });
});

test('a camera that gives some frames twice is no attack', () => {
  const slow = speaking.flatMap((one, index) => (index % 2 === 0 ? [one, one] : [one]));
  expect(judge(slow).realScore).toBeGreaterThan(0.65);
});

test('a warning does not change the verdict', () => {
  const usual = judge(speaking).realScore;
  const tight = judge(withQuality(speaking, { faceShare: 0.72 }));
  expect(tight).toMatchObject({
    realScore: usual,
    warning:
      'Crop appears too tight (face is 72% of image). Ensure crops include adequate margin around the face (face should be ~30% of crop).',
  });
});

test.each<[string, Partial<FrameQuality>, number, RegExp]>([
  ['several faces', {}, 2, /[Ss]everal faces/],
  ['the dark', { brightness: 12 }, 1, /too dark/],
  ['blur', { sharpness: 1 }, 1, /too blurred/],
])('%s is warned of', (_, quality, faceCount, words) => {
  expect(judge(withQuality(speaking, quality, faceCount)).warning).toMatch(words);
});

test('whole frames are warned of a small face, crops are not', () => {
  const small = withQuality(speaking, { faceSizePixels: 40 });
  expect(judge(small).warning).toBeNull();
  expect(judge(small.map((one) => ({ ...one, kind: 'frame' as const }))).warning).toMatch(/small/);
});
