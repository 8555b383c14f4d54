import { expect, test } from 'vitest';
import { type Box, squareAround } from './box.ts';
import { chooseSubject } from './choose-subject.ts';

const REGION = { x: 0, y: 0, width: 640, height: 480 };
const MIDDLE = { x: 320, y: 240 };

/** A square face of `side` with its middle there. */
function faceAt({ x, y }: { x: number; y: number }, side: number, confidence = 0.9) {
  return { box: squareAround({ x, y, width: 0, height: 0 }, side), confidence };
}

const chosen = (faces: ReturnType<typeof faceAt>[], previous: Box | null = null) =>
  faces.indexOf(chooseSubject(faces, REGION, previous) ?? faceAt(MIDDLE, 0));

test('no face, no subject', () => {
  expect(chooseSubject([], REGION, null)).toBeNull();
});

test('of two in the middle the larger, even when the detector is surer of the other', () => {
  expect(chosen([faceAt({ x: 250, y: 240 }, 80, 0.99), faceAt({ x: 390, y: 240 }, 120, 0.7)])).toBe(1);
});

test('of two as large the one nearer to the middle', () => {
  expect(chosen([faceAt({ x: 60, y: 60 }, 100), faceAt({ x: 300, y: 200 }, 100)])).toBe(1);
});

test('the middle outweighs some size, not any', () => {
  const corner = { x: 40, y: 40 };
  expect(chosen([faceAt(corner, 150), faceAt(MIDDLE, 100)])).toBe(1);
  expect(chosen([faceAt(corner, 230), faceAt(MIDDLE, 100)])).toBe(0);
});

test('the middle is that of the region', () => {
  const region = { x: 600, y: 400, width: 200, height: 200 };
  const faces = [faceAt({ x: 620, y: 420 }, 50), faceAt({ x: 700, y: 500 }, 50)];
  expect(chooseSubject(faces, region, null)).toBe(faces[1]);
});

test('stays with the face of the frame before, also when another looks a little better', () => {
  const faces = [faceAt({ x: 250, y: 240 }, 100), faceAt({ x: 390, y: 240 }, 140)];
  const moved = faceAt({ x: 258, y: 246 }, 105).box;
  expect(chosen(faces)).toBe(1);
  expect(chosen(faces, moved)).toBe(0);
});

test('leaves it for one that looks much better, and for good when it is gone', () => {
  const before = faceAt({ x: 250, y: 240 }, 100).box;
  expect(chosen([faceAt({ x: 250, y: 240 }, 100), faceAt({ x: 400, y: 240 }, 190)], before)).toBe(1);
  expect(chosen([faceAt({ x: 120, y: 240 }, 100), faceAt({ x: 390, y: 240 }, 110)], before)).toBe(1);
});
