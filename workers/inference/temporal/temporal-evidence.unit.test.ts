import { describe, expect, test } from 'vitest';
import { comparisonsOf } from '#shared/lib/frame-pairs.ts';
import type { FaceEvidence, FrameEvidence, KnownMotion } from '#shared/rpc/inference.ts';
import { faceEvidence, frameOf } from '../testing/evidence.ts';
import { realFaceCrop } from '../testing/real-face.ts';
import { temporalEvidence } from './temporal-evidence.ts';
import { faceView } from './testing/face-view.ts';
import { landmarksMoved } from './testing/neutral-landmarks.ts';

const crop = await realFaceCrop();
const patch = faceView(crop);

/** One frame of a film in which nothing but this differs. */
function frame(contentHash: string, different: Partial<FaceEvidence> = {}): FrameEvidence {
  return frameOf(faceEvidence({ contentHash, patch, landmarks: landmarksMoved(), ...different }));
}
const NO_FACE = frameOf(null);
/** How much the blood changes red, green and blue. */
const BLOOD = [0.33, 0.77, 0.53];
const film = (count: number) => Array.from({ length: count }, (_, i) => frame(`${i}`));
const margins = (square: number | null, whole: number | null) => ({ textureMargins: { square, whole } });

const evidenceOf = (frames: FrameEvidence[], fps: number | null, motions: KnownMotion[] = []) =>
  temporalEvidence({ frames, fps, motions });

test('shares of frames with a face, and of faces that are new', () => {
  const evidence = evidenceOf([...film(6), frame('0'), frame('0'), NO_FACE, NO_FACE], null);
  expect(evidence).toMatchObject({ frameCount: 10, faceShare: 0.8, distinctShare: 0.75 });
});

test('of no frames nothing is said, and nothing is NaN', () => {
  expect(evidenceOf([], 30)).toEqual({
    frameCount: 0,
    faceShare: 0,
    distinctShare: 0,
    textureMargin: null,
    textureSpread: 0,
    recaptureMargin: null,
    motion: null,
    landmarks: null,
    pulse: null,
  });
});

test('frames without any face give no texture either', () => {
  const evidence = evidenceOf([NO_FACE, NO_FACE, NO_FACE, NO_FACE, NO_FACE], 30);
  expect(evidence).toMatchObject({
    faceShare: 0,
    distinctShare: 0,
    textureMargin: null,
    motion: null,
    landmarks: null,
  });
});

test('each view of the texture model weighs the same, however often it was asked', () => {
  const frames = [
    frame('0', margins(2, null)),
    frame('1', margins(4, null)),
    frame('2', margins(6, null)),
    frame('3', margins(null, -2)),
  ];
  const { textureMargin, textureSpread } = evidenceOf(frames, null);
  expect(textureMargin).toBeCloseTo((4 - 2) / 2, 9);
  expect(textureSpread).toBeCloseTo(Math.sqrt(8 / 3) / 2, 9);
});

test('the margins of our network are read as those of the other, and missing where no record has them', () => {
  const own = (square: number | null, whole: number | null) => ({ recaptureMargins: { square, whole } });
  const frames = [frame('0', own(1, null)), frame('1', own(null, -4)), frame('2', own(3, null)), NO_FACE];
  expect(evidenceOf(frames, null).recaptureMargin).toBeCloseTo((2 - 4) / 2, 9);
  const { recaptureMargins: _, ...before } = faceEvidence();
  expect(evidenceOf([frameOf(before)], null).recaptureMargin).toBeNull();
});

test('a view that was never asked does not count as zero', () => {
  expect(evidenceOf([frame('0', margins(3, null)), NO_FACE], null).textureMargin).toBe(3);
  expect(evidenceOf([frame('0', margins(null, -5))], null).textureMargin).toBe(-5);
});

test('a margin of exactly nothing counts', () => {
  expect(evidenceOf([frame('0', margins(0, null)), frame('1', margins(4, null))], null).textureMargin).toBe(2);
});

test('motion needs four different frames', () => {
  const repeats = [...film(3), frame('0'), frame('1'), frame('2'), frame('0')];
  expect(evidenceOf(repeats, null)).toMatchObject({ motion: null, landmarks: null });
  const enough = evidenceOf([...film(4), frame('0')], null);
  expect(enough.motion).not.toBeNull();
  expect(enough.landmarks).not.toBeNull();
});

test('repeats and frames without a face are left out of what moves', () => {
  const blinking = landmarksMoved(({ x, y }, index) => ({ x, y: [37, 38, 43, 44].includes(index) ? y + 15 : y }));
  // Were repeats counted, eyes would mostly be closed, and never blink.
  const frames = [...film(4), NO_FACE, ...Array.from({ length: 8 }, () => frame('closed', { landmarks: blinking }))];
  expect(evidenceOf(frames, null).landmarks?.blinkDepth).toBeGreaterThan(0.4);
});

test('a slow camera that gives each frame three times hides no motion', () => {
  const speaking = Array.from({ length: 6 }, (_, index) => {
    const by = 0.02 * index;
    const moved = faceView(crop, (x, y) => [x, y + by * Math.exp(-(x ** 2 + (y - 0.4) ** 2) / 0.05)]);
    return frame(`${index}`, { patch: moved });
  });
  const usual = evidenceOf(speaking, null);
  expect(usual.motion?.near).toBeGreaterThan(0.05);
  const slow = evidenceOf(
    speaking.flatMap((one) => [one, one, one]),
    null,
  );
  expect(slow.motion).toEqual(usual.motion);
});

test('motions that are known go by the places of their frames, whatever lies between', () => {
  const frames = [...film(4), NO_FACE, frame('0'), ...film(8).slice(4)];
  const places = [0, 1, 2, 3, 6, 7, 8, 9];
  const at = (place: number | undefined) => places[place ?? -1] ?? -1;
  const motions = comparisonsOf(places.length).map(({ first, second, mayBend }, i) => {
    return { first: at(first), second: at(second), mayBend, motion: { beyondPlane: i, beyondSheet: 100 + i } };
  });
  // Of eight faces five neighbours are compared, then four pairs, then two.
  const known = { near: 2, middle: 6.5, wide: 9.5, middleSheet: 106.5, wideSheet: 109.5 };
  const evidence = evidenceOf(frames, null, motions);
  expect(evidence.motion).toEqual(known);
  expect(evidenceOf(frames, null).motion).not.toEqual(known);
});

test('a pulse is read across repeats, but not across a gap', () => {
  const skin = (at: number) => {
    const beat = 0.01 * Math.sin((2 * Math.PI * 1.2 * at) / 10);
    return Float32Array.from({ length: 9 }, (_, i) => 140 * (1 + beat * (BLOOD[i % 3] ?? 0)));
  };
  const frames = Array.from({ length: 80 }, (_, at) => frame('same', { skin: skin(at) }));
  expect(evidenceOf(frames, 10).pulse?.beatsPerMinute).toBeCloseTo(72, 0);
  expect(evidenceOf([...frames, NO_FACE], 10).pulse).toBeNull();
  expect(evidenceOf(frames, null).pulse).toBeNull();
});

describe('a run beside frames that lie far apart', () => {
  const elsewhere = landmarksMoved(({ x, y }) => ({ x: x + 40, y }));
  const far = [...film(4), NO_FACE, frame('9', { ...margins(5, null), landmarks: elsewhere })];
  const run = film(6);
  const evidence = temporalEvidence({ frames: far, run, fps: 15 });

  test('is what is read from time', () => {
    const { motion, landmarks, pulse } = temporalEvidence({ frames: run, fps: 15 });
    expect(evidence).toMatchObject({ motion, landmarks, pulse });
    expect(evidence.landmarks).not.toEqual(temporalEvidence({ frames: far, fps: 15 }).landmarks);
  });

  test('does not count for how the skin looks, nor for whether there is a face', () => {
    const { frameCount, faceShare, distinctShare, textureMargin } = temporalEvidence({ frames: far, fps: null });
    expect(evidence).toMatchObject({ frameCount, faceShare, distinctShare, textureMargin });
    expect(faceShare).toBeCloseTo(5 / 6);
  });

  test('without a face in it there is nothing to be read', () => {
    const blind = temporalEvidence({ frames: film(6), run: run.map(() => NO_FACE), fps: 15 });
    expect(blind).toMatchObject({ faceShare: 1, motion: null, landmarks: null, pulse: null });
  });
});
