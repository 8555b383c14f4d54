import { expect, test } from 'vitest';
import { seededRandom } from '#shared/testing/seeded-random.ts';
import { realFaceCrop } from '../testing/real-face.ts';
import { greyPatch } from './grey-patch.ts';
import { patchSimilarity } from './patch-similarity.ts';

const SIDE = 112;
const PART = { x: 43.1, y: 37.2, width: 25.7, height: 36.5 };
const face = greyPatch(await realFaceCrop());
const random = seededRandom(3);

test('a face is as similar to itself as can be, in any light', () => {
  expect(patchSimilarity(face, face, SIDE, PART)).toBeCloseTo(1, 9);
  const dimmer = face.map((value) => Math.round(value * 0.6 + 20));
  expect(patchSimilarity(face, dimmer, SIDE, PART)).toBeGreaterThan(0.99);
});

test('its negative is as unlike as can be', () => {
  const negative = face.map((value) => 255 - value);
  expect(patchSimilarity(face, negative, SIDE, PART)).toBeCloseTo(-1, 9);
});

test('noise is not like it, nor is the face turned upside down', () => {
  const noise = face.map(() => random() * 256);
  expect(Math.abs(patchSimilarity(face, noise, SIDE, PART))).toBeLessThan(0.4);
  expect(patchSimilarity(face, face.slice().reverse(), SIDE, PART)).toBeLessThan(0.6);
});

test('the grain of a camera changes little', () => {
  const grainy = face.map((value) => value + 12 * (random() - 0.5));
  expect(patchSimilarity(face, grainy, SIDE, PART)).toBeGreaterThan(0.98);
});

test('only the part counts', () => {
  const elsewhere = face.map((value, at) => (at % SIDE < 40 || at % SIDE > 72 ? random() * 256 : value));
  expect(patchSimilarity(face, elsewhere, SIDE, PART)).toBeCloseTo(1, 9);
});

test('a part without contrast is like nothing, itself included', () => {
  const plain = new Uint8Array(SIDE * SIDE).fill(90);
  expect(patchSimilarity(plain, plain, SIDE, PART)).toBe(0);
  expect(patchSimilarity(plain, face, SIDE, PART)).toBe(0);
});

test('a part beyond the patch is not similar either', () => {
  const outside = { x: 200, y: 200, width: 30, height: 30 };
  expect(patchSimilarity(face, face, SIDE, outside)).toBe(0);
});
