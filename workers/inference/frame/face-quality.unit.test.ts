import { expect, test } from 'vitest';
import { realFaceCrop } from '../testing/real-face.ts';
import { faceQuality } from './face-quality.ts';
import { greyFace } from './landmarks.ts';

const SIDE = 64;
const FACE = { x: 10, y: 10, width: 60, height: 90 };

function qualityOf(grey: (x: number, y: number) => number) {
  const data = Float32Array.from({ length: SIDE * SIDE }, (_, at) => grey(at % SIDE, Math.floor(at / SIDE)) / 256);
  return faceQuality({ data, side: SIDE, region: FACE }, FACE, 300);
}

test('how large the face is, in pixels and against the picture, by its larger side', () => {
  expect(qualityOf(() => 100)).toMatchObject({ faceShare: 0.3, faceSizePixels: 90 });
});

test('an even grey has its brightness, balance, and nothing sharp', () => {
  const quality = qualityOf(() => 100);
  expect(quality.brightness).toBeCloseTo(100, 3);
  expect(quality.lightBalance).toBeCloseTo(1, 5);
  expect(quality.clippedShare).toBe(0);
  expect(quality.sharpness).toBeCloseTo(0, 3);
});

test.each([
  ['left', (x: number) => (x < 32 ? 40 : 160)],
  ['right', (x: number) => (x < 32 ? 160 : 40)],
])('a face dark on the %s is out of balance by the ratio of both', (_, grey) => {
  expect(qualityOf(grey).lightBalance).toBeCloseTo(0.25, 5);
});

test('a black picture is in balance with itself, not a division by nothing', () => {
  expect(qualityOf(() => 0)).toMatchObject({ lightBalance: 0, brightness: 0, clippedShare: 1 });
});

test('clipped is what is black or white', () => {
  // Rows of the face go from 9 to 54: 46, of which ten are white and five black.
  const grey = (_: number, y: number) => (y >= 20 && y < 30 ? 255 : y >= 40 && y < 45 ? 2 : 100);
  expect(qualityOf(grey).clippedShare).toBeCloseTo(15 / 46, 5);
});

test('hair and background round the face do not count', () => {
  const inner = (x: number, y: number) => x >= 9 && x < 55 && y >= 9 && y < 55;
  const quality = qualityOf((x, y) => (inner(x, y) ? 100 : 0));
  expect(quality.brightness).toBeCloseTo(100, 3);
  expect(quality.clippedShare).toBe(0);
});

test('sharpness is the deviation of the Laplacian', () => {
  // A checkerboard of 90 and 110: the Laplacian is +-80 everywhere.
  expect(qualityOf((x, y) => ((x + y) % 2 === 0 ? 90 : 110)).sharpness).toBeCloseTo(80, 2);
});

test('a real face that is blurred is less sharp', async () => {
  const crop = await realFaceCrop();
  const bounds = { x: 0, y: 0, width: 224, height: 224 };
  const face = { x: 86, y: 74, width: 51, height: 73 };
  const sharp = greyFace(crop, face, bounds);
  const blurred = sharp.data.map((_, at) => {
    const around = [-2, -1, 0, 1, 2].flatMap((dy) =>
      [-2, -1, 0, 1, 2].map((dx) => sharp.data[at + dy * SIDE + dx] ?? 0),
    );
    return around.reduce((sum, value) => sum + value, 0) / around.length;
  });
  const before = faceQuality(sharp, face, 224).sharpness;
  expect(before).toBeGreaterThan(6);
  expect(faceQuality({ ...sharp, data: blurred }, face, 224).sharpness).toBeLessThan(before / 2);
});
