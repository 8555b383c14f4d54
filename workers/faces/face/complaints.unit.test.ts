import { expect, test } from 'vitest';
import type { FaceComplaint } from '#shared/rpc/faces.ts';
import { TEMPLATE } from './align-face.ts';
import { complaintsOf, type SeenFace } from './complaints.ts';
import type { FivePoints } from './five-points.ts';

const BOUNDS = { x: 0, y: 0, width: 400, height: 400 };
const QUALITY = { faceSizePixels: 100, brightness: 130, clippedShare: 0, lightBalance: 1, sharpness: 20 };
const CLEAR: SeenFace = { box: { x: 150, y: 150, width: 80, height: 100 }, points: TEMPLATE, quality: QUALITY };
const beside = (size: number): SeenFace => ({ ...CLEAR, box: { x: 20, y: 150, width: size, height: size } });
const withQuality = (different: Partial<SeenFace['quality']>) => ({ ...CLEAR, quality: { ...QUALITY, ...different } });
const [left, right, , ...mouth] = TEMPLATE;
const looksAside: FivePoints = [left, right, [72, 71], mouth[0], mouth[1]];

test.each<[string, SeenFace[], FaceComplaint[]]>([
  ['one clear face', [CLEAR], []],
  ['nobody', [], ['no_face']],
  ['somebody else as near', [CLEAR, beside(100)], ['several_faces']],
  ['somebody else far behind', [CLEAR, beside(60)], []],
  ['a small one', [withQuality({ faceSizePixels: 39 })], ['too_small']],
  ['one that looks aside', [{ ...CLEAR, points: looksAside }], ['turned_away']],
  ['a dark one', [withQuality({ brightness: 29 })], ['too_dark']],
  ['a bright one', [withQuality({ brightness: 221 })], ['too_bright']],
  ['a blurred one', [withQuality({ sharpness: 6 })], ['too_blurred']],
  ['one in the dusk, whose edges are weaker', [withQuality({ brightness: 60, sharpness: 6 })], []],
  [
    'all at once, the gravest first',
    [{ ...withQuality({ faceSizePixels: 30, sharpness: 1 }), points: looksAside }, beside(100)],
    ['several_faces', 'too_small', 'turned_away', 'too_blurred'],
  ],
])('%s', (_what, faces, complaints) => {
  expect(complaintsOf(faces, BOUNDS)).toEqual(complaints);
});
