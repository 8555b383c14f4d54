import { expect, test } from 'vitest';
import { movesFast, problemOf, type SeenFace } from './judge-face.ts';

const FRAME = { width: 640, height: 480 };
const CLEAR = { brightness: 130, clippedShare: 0.02, sharpness: 12 };

function face(height: number, centre = { x: 320, y: 240 }, changed: Partial<SeenFace> = {}): SeenFace {
  const width = height * 0.7;
  const box = { x: centre.x - width / 2, y: centre.y - height / 2, width, height };
  return { box, faceCount: 1, quality: CLEAR, ...changed };
}

test('a face that fits has no problem, in a wide frame and in a high one', () => {
  expect(problemOf(face(180), FRAME, false)).toBeNull();
  expect(problemOf(face(180, { x: 240, y: 320 }), { width: 480, height: 640 }, false)).toBeNull();
});

test.each([
  ['nobody', null, 'no_face'],
  ['two people', face(180, undefined, { faceCount: 2 }), 'several_faces'],
  ['far away', face(90), 'too_far'],
  ['close by', face(260), 'too_near'],
  ['at the side', face(180, { x: 400, y: 240 }), 'off_centre'],
  ['too low', face(180, { x: 320, y: 320 }), 'off_centre'],
  ['in the dark', face(180, undefined, { quality: { ...CLEAR, brightness: 44 } }), 'too_dark'],
  ['in the glare', face(180, undefined, { quality: { ...CLEAR, brightness: 221 } }), 'too_bright'],
  [
    'half burnt out',
    face(180, undefined, { quality: { brightness: 170, clippedShare: 0.4, sharpness: 12 } }),
    'too_bright',
  ],
  ['smeared', face(180, undefined, { quality: { ...CLEAR, sharpness: 4.9 } }), 'too_blurred'],
] as const)('%s is told', (_, seen, problem) => {
  expect(problemOf(seen, FRAME, false)).toBe(problem);
  expect(problemOf(seen, FRAME, true)).toBe(problem);
});

test('black hair and a beard are not light', () => {
  const dark = face(180, undefined, { quality: { brightness: 70, clippedShare: 0.4, sharpness: 12 } });
  expect(problemOf(dark, FRAME, false)).toBeNull();
});

test('a face on the border stays right, but does not become it', () => {
  for (const border of [face(105), face(250), face(180, { x: 380, y: 240 })]) {
    expect(problemOf(border, FRAME, false)).not.toBeNull();
    expect(problemOf(border, FRAME, true)).toBeNull();
  }
});

test('in a small frame, what the service finds too small is too far', () => {
  expect(problemOf(face(65, { x: 160, y: 120 }), { width: 320, height: 240 }, false)).toBe('too_far');
});

test('what cannot be measured is not taken', () => {
  expect(problemOf(face(Number.NaN), FRAME, true)).not.toBeNull();
  expect(problemOf(face(180, { x: Number.NaN, y: 240 }), FRAME, true)).not.toBeNull();
  for (const name of ['brightness', 'sharpness']) {
    const unknown = face(180, undefined, { quality: { ...CLEAR, [name]: Number.NaN } });
    expect(problemOf(unknown, FRAME, true), name).not.toBeNull();
  }
});

test('a head that turns is slow, one that jumps is fast', () => {
  const at = (x: number, atMs: number) => ({ box: face(180, { x, y: 240 }).box, atMs });
  expect(movesFast(at(320, 0), at(328, 83))).toBe(false);
  expect(movesFast(at(320, 0), at(350, 83))).toBe(true);
  expect(movesFast(at(320, 0), at(350, 1000))).toBe(false);
  expect(movesFast(at(320, 5), at(350, 5))).toBe(false);
});
