import { expect, test } from 'vitest';
import { paintedPicture } from '../../workers/inference/testing/painted-picture.ts';
import {
  detectorOutput,
  FACE_IN_THE_MIDDLE,
  type SeenFace,
  STUB_NETWORKS,
} from '../../workers/inference/testing/stub-networks.ts';
import { SubjectFinder } from './subject-finder.ts';

const frame = paintedPicture(320, 240, (x, y) => [Math.min(255, x), y, 100]);
const LEFT: SeenFace = [0.9, 0.1, 0.35, 0.3, 0.65];
const RIGHT: SeenFace = [0.9, 0.7, 0.35, 0.9, 0.65];
const LARGER_ON_THE_RIGHT: SeenFace = [0.9, 0.68, 0.3, 0.92, 0.7];

/** A detector that sees these, one list a picture. */
function finderOf(...seen: readonly (readonly SeenFace[])[]): SubjectFinder {
  let asked = 0;
  return new SubjectFinder({ detectFaces: async () => detectorOutput(seen[asked++] ?? []) });
}

test('the face, and the square of 3 x its larger side, as a crop', async () => {
  // 96 x 72, so a square of 240 at most: the frame is no higher.
  const subject = await finderOf([FACE_IN_THE_MIDDLE]).find(frame, 'frame');
  expect(subject?.box.width).toBeCloseTo(96, 3);
  expect(subject?.crop.square).toEqual({ x: expect.closeTo(40, 3), y: 0, width: 240, height: 240 });
  expect(subject?.crop.picture).toMatchObject({ width: 224, height: 224 });
  const small = await finderOf([[0.9, 0.5, 0.4, 0.6, 0.6]]).find(frame, 'frame');
  expect(small?.crop.square.width).toBeCloseTo(3 * 48, 3);
});

test('no face is no subject', async () => {
  expect(await finderOf([]).find(frame, 'frame')).toBeNull();
});

test('of two, the one of the picture before stays the subject, until it is gone', async () => {
  const both = [LEFT, LARGER_ON_THE_RIGHT];
  const finder = finderOf([LEFT], both, [], both);
  const found: (number | undefined)[] = [];
  for (let i = 0; i < 4; i++) found.push((await finder.find(frame, 'frame'))?.box.x);
  expect(found.map((x) => x && Math.round(x))).toEqual([32, 32, undefined, 218]);
  expect((await finderOf([RIGHT], both).find(frame, 'frame'))?.box.x).toBeCloseTo(224, 3);
});

test('black round a crop is not part of it; in a frame it may be the scene', async () => {
  const bordered = paintedPicture(224, 224, (_, y) => (y < 40 ? [0, 0, 0] : [150, 150, 150]));
  const find = (kind: 'frame' | 'crop') => new SubjectFinder(STUB_NETWORKS).find(bordered, kind);
  const [crop, whole] = [await find('crop'), await find('frame')];
  expect(crop?.crop.square.y).toBeGreaterThanOrEqual(40);
  expect(crop?.crop.picture.data[0]).toBe(150);
  expect([whole?.crop.square.y, whole?.crop.picture.data[0]]).toEqual([expect.closeTo(11.2, 1), 0]);
});
