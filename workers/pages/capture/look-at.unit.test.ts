import { expect, test } from 'vitest';
import { analyseFrame } from '../../inference/frame/analyse-frame.ts';
import { squareAround, squareWithin } from '../../inference/frame/box.ts';
import { cropOf } from '../../inference/frame/crop.ts';
import { paintedPicture } from '../../inference/testing/painted-picture.ts';
import { detectorOutput, type SeenFace, STUB_NETWORKS } from '../../inference/testing/stub-networks.ts';
import { lookAt } from './look-at.ts';

const WIDE = { width: 640, height: 480 };
const UPRIGHT = { width: 480, height: 640 };

/** Each pixel differs from its neighbours, so that a crop that is off by one is another crop. */
function frame({ width, height }: { width: number; height: number }) {
  return paintedPicture(width, height, (x, y) => [(x * 7) % 256, (y * 5) % 256, (x * 3 + y * 11) % 256]);
}

function networks(...faces: SeenFace[]) {
  return { ...STUB_NETWORKS, detectFaces: async () => detectorOutput(faces) };
}

test.each([
  ['in the middle', WIDE, [0.9, 0.4, 0.35, 0.6, 0.65]],
  ['whose square reaches beyond the frame', WIDE, [0.9, 0.3, 0.2, 0.6, 0.7]],
  ['in a corner', WIDE, [0.9, 0.02, 0.03, 0.2, 0.3]],
  ['of an upright frame', UPRIGHT, [0.9, 0.45, 0.4, 0.55, 0.6]],
  ['of an upright frame, near', UPRIGHT, [0.9, 0.35, 0.3, 0.65, 0.75]],
] as const)('the crop of a face %s is the one that the server would cut', async (_, size, face) => {
  const picture = frame(size);
  const stub = networks(face);
  const looked = await lookAt(picture, true, stub);
  const analysis = { picture, kind: 'frame', previousFace: null } as const;
  const sampling = { detect: true, square: false, whole: false };
  const { face: byServer } = await analyseFrame({ ...analysis, sampling }, stub);
  expect(looked.box).toEqual(byServer?.box);

  const whole = { x: 0, y: 0, ...size };
  const box = byServer?.box ?? whole;
  const square = squareWithin(whole, squareAround(box, 3 * Math.max(box.width, box.height)));
  expect(byServer?.square).toEqual(square);
  expect(looked.crop).toEqual(cropOf(picture, square, whole).picture);
  expect(looked.crop).toMatchObject({ width: 224, height: 224 });
});

test('the face lies in the middle third of its crop as long as it is near the guide', async () => {
  const picture = frame(WIDE);
  const { crop, problem, box } = await lookAt(picture, true, networks([0.9, 0.46, 0.42, 0.64, 0.77]));
  expect(problem).not.toBe('off_centre');
  expect(crop).not.toBeNull();
  const side = Math.min(3 * (box?.height ?? 0), 480);
  const middle = ((box?.y ?? 0) + (box?.height ?? 0) / 2) / side;
  expect(middle).toBeGreaterThan(1 / 3);
  expect(middle).toBeLessThan(2 / 3);
});

test('without a face there is no crop, and with two the larger one is cut out but nothing is right', async () => {
  expect(await lookAt(frame(WIDE), true, networks())).toEqual({ problem: 'no_face', box: null, crop: null });
  const two = await lookAt(frame(WIDE), true, networks([0.9, 0.4, 0.35, 0.6, 0.65], [0.8, 0.05, 0.1, 0.2, 0.3]));
  expect(two.problem).toBe('several_faces');
});
