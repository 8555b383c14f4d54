import { expect, test } from 'vitest';
import type { PairMotion } from '#shared/rpc/inference.ts';
import { seededRandom } from '#shared/testing/seeded-random.ts';
import { realFaceCrop } from '../testing/real-face.ts';
import { alignPatches } from './align-patches.ts';
import { preparePatch } from './prepared-patch.ts';
import { residualOfPlane, residualOfSheet } from './residual-motion.ts';
import { faceView, type Move, planar } from './testing/face-view.ts';

const SIDE = 112;
const crop = await realFaceCrop();
const still = preparePatch(faceView(crop), SIDE);

function motionAfter(patch: Uint8Array): PairMotion {
  const moving = preparePatch(patch, SIDE);
  const alignment = alignPatches(still, moving);
  const plane = alignment && residualOfPlane(still, moving, alignment);
  if (!plane) throw new Error('nothing to compare');
  const { beyondPlane } = plane;
  return { beyondPlane, beyondSheet: residualOfSheet(still, moving, alignment, plane) };
}

const HANDHELD = planar([1.02, 0.02, 0.03, -0.015, 0.99, -0.02, 0.02, -0.015, 1]);
/** The mouth goes down by so much of half the patch, and what is round it less and less. */
const speaking =
  (by: number): Move =>
  (x, y) => [x, y + by * Math.exp(-(x ** 2 + (y - 0.4) ** 2) / 0.05)];

test('a picture that is moved about as a plane shows next to no motion of its own', () => {
  expect(motionAfter(faceView(crop, HANDHELD)).beyondPlane).toBeLessThan(0.09);
});

test('part of a face that moves is found, more of it when it moves more', () => {
  const little = motionAfter(faceView(crop, speaking(0.02)));
  const much = motionAfter(faceView(crop, speaking(0.05)));
  expect(little.beyondPlane).toBeGreaterThan(0.12);
  expect(much.beyondPlane).toBeGreaterThan(1.7 * little.beyondPlane);
  // No bent sheet explains it.
  expect(much.beyondSheet).toBeGreaterThan(0.85 * much.beyondPlane);
});

test('it is found while the head moves, too', () => {
  const move: Move = (x, y) => HANDHELD(...speaking(0.05)(x, y));
  expect(motionAfter(faceView(crop, move)).beyondPlane).toBeGreaterThan(0.25);
});

const bent = faceView(crop, (x, y) => [x + 0.03 * x * x - 0.01, y]);

test('a sheet that bends shows motion that a sheet explains', () => {
  const { beyondPlane, beyondSheet } = motionAfter(bent);
  expect(beyondPlane).toBeGreaterThan(0.09);
  expect(beyondSheet).toBeLessThan(0.6 * beyondPlane);
});

test('a sheet explains nothing worse than a plane does', () => {
  for (const move of [HANDHELD, speaking(0.05)]) {
    const { beyondPlane, beyondSheet } = motionAfter(faceView(crop, move));
    expect(beyondSheet).toBeLessThanOrEqual(beyondPlane * 1.001);
  }
});

test('light that changes is not motion', () => {
  const swept = faceView(crop).map((value, at) => Math.round(value * (0.8 + (0.35 * (at % SIDE)) / SIDE)));
  expect(motionAfter(swept).beyondPlane).toBeLessThan(0.06);
});

test('the noise of a camera is a tenth of a pixel at most', () => {
  const random = seededRandom(6);
  const noisy = faceView(crop).map((value) => Math.round(value + 8 * (random() - 0.5)));
  expect(motionAfter(noisy).beyondPlane).toBeLessThan(0.1);
});

test('null when too little of the two overlaps', () => {
  const aside = { homography: [1, 0, 1.1, 0, 1, 0, 0, 0, 1] };
  expect(residualOfPlane(still, still, aside)).toBeNull();
});
