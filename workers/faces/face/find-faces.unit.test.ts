import { expect, test, vi } from 'vitest';
import { paintedPicture } from '../../inference/testing/painted-picture.ts';
import { detectorOutput, type SeenFace } from '../../inference/testing/stub-networks.ts';
import type { FaceNetworks } from './face-networks.ts';
import { findFaces } from './find-faces.ts';

const picture = paintedPicture(320, 240, () => [200, 100, 0]);

/** A detector that answers one call after the other. */
function detector(...answers: SeenFace[][]) {
  const detectFaces = vi.fn<FaceNetworks['detectFaces']>();
  for (const faces of answers) detectFaces.mockResolvedValueOnce(detectorOutput(faces));
  return { detectFaces: detectFaces.mockResolvedValue(detectorOutput([])) };
}
const at = (x: number, y: number, side: number): SeenFace => [
  0.9,
  (x - side / 2) / 320,
  (y - side / 2) / 240,
  (x + side / 2) / 320,
  (y + side / 2) / 240,
];
const middles = (faces: Awaited<ReturnType<typeof findFaces>>) =>
  faces.map(({ box }) => [Math.round(box.x + box.width / 2), Math.round(box.y + box.height / 2)]);

test('the largest and most central first, whoever the detector is surest of', async () => {
  const sure: SeenFace = [0.99, 0.02, 0.3, 0.22, 0.6];
  const networks = detector([sure, at(100, 60, 30), at(170, 120, 66)]);
  expect(middles(await findFaces(picture, 'whole', networks))).toEqual([
    [170, 120],
    [38, 108],
    [100, 60],
  ]);
});

test('one at the edge must be more than twice as large to win over one in the middle', async () => {
  const sideBySide = (side: number) => detector([at(160, 120, 60), at(280, 200, side)]);
  expect(middles(await findFaces(picture, 'whole', sideBySide(130)))[0]).toEqual([160, 120]);
  expect(middles(await findFaces(picture, 'whole', sideBySide(150)))[0]).toEqual([280, 200]);
});

test('a whole picture is seen as it is; only one without a face is seen again, with room', async () => {
  const networks = detector([at(160, 120, 60)]);
  await findFaces(picture, 'whole', networks);
  expect(networks.detectFaces).toHaveBeenCalledOnce();
  const again = detector([], [at(160, 120, 60)]);
  expect(await findFaces(picture, 'whole', again)).toHaveLength(1);
});

test('a crop gets grey round it, and what is found is told in pixels of the crop', async () => {
  const crop = paintedPicture(120, 120, () => [200, 100, 0]);
  // 144 of 240 rows show the crop, so 1.2 pixels here are one of its own.
  const networks = detector([at(160, 120, 96)]);
  const [face] = await findFaces(crop, 'crop', networks);
  expect(face?.box.x).toBeCloseTo(20, 3);
  expect(face?.box.height).toBeCloseTo(80, 3);
  const [input] = networks.detectFaces.mock.lastCall ?? [];
  const red = (x: number, y: number) => input?.[y * 320 + x];
  expect([red(0, 0), red(87, 120), red(160, 47)]).toEqual([0, 0, 0]);
  expect([red(89, 120), red(160, 120), red(160, 190)]).toEqual([73 / 128, 73 / 128, 73 / 128]);
});

test('a crop without a face is tried at every scale, and then has none', async () => {
  const networks = detector();
  expect(await findFaces(picture, 'crop', networks)).toEqual([]);
  expect(networks.detectFaces).toHaveBeenCalledTimes(3);
});

test('a face in the border that we painted is none', async () => {
  const networks = detector([at(20, 120, 30)]);
  expect(
    await findFaces(
      paintedPicture(120, 120, () => [9, 9, 9]),
      'crop',
      networks,
    ),
  ).toEqual([]);
});

test('of a crowd the most prominent', async () => {
  const crowd = Array.from({ length: 100 }, (_, i) =>
    at(16 + (i % 10) * 32, 12 + Math.floor(i / 10) * 24, 8 + i / 100),
  );
  const faces = await findFaces(picture, 'whole', detector(crowd));
  expect(faces).toHaveLength(64);
  // The corners are 180 pixels from the middle.
  const distances = middles(faces).map(([x = 0, y = 0]) => Math.hypot(x - 160, y - 120));
  expect(Math.max(...distances)).toBeLessThan(160);
});
