import { expect, test } from 'vitest';
import { paintedPicture } from '../../inference/testing/painted-picture.ts';
import { ALIGNED_SIDE, alignFace, TEMPLATE } from './align-face.ts';
import type { FivePoints, Point } from './five-points.ts';
import { applySimilarity } from './similarity.ts';

type Aligned = ReturnType<typeof alignFace>;
const pixel = ({ data }: Aligned, x: number, y: number) => [
  ...data.subarray((y * ALIGNED_SIDE + x) * 3, (y * ALIGNED_SIDE + x) * 3 + 3),
];
const moved = (by: (point: Point) => Point): FivePoints => {
  const [a, b, c, d, e] = TEMPLATE;
  return [by(a), by(b), by(c), by(d), by(e)];
};

test('a face that lies on the template already comes out as it is, to the last bit', () => {
  const picture = paintedPicture(130, 120, (x, y) => [x, y, (x * y) & 255]);
  const aligned = alignFace(picture, TEMPLATE);
  for (const [x, y] of [
    [0, 0],
    [56, 72],
    [111, 111],
  ] as const) {
    expect(pixel(aligned, x, y).map(Math.round)).toEqual([x, y, (x * y) & 255]);
  }
});

test('a face that is tilted and twice as large is turned upright: what was at an eye is where eyes belong', () => {
  const similarity = { a: 1.6, b: 1.2, tx: 150, ty: 20 };
  const points = moved((point) => applySimilarity(similarity, point));
  const [eye] = points;
  const picture = paintedPicture(400, 400, (x, y) =>
    Math.hypot(x - eye[0], y - eye[1]) < 8 ? [250, 0, 0] : [0, 0, 250],
  );
  const aligned = alignFace(picture, points);
  expect(pixel(aligned, 38, 52)).toEqual([250, 0, 0].map((value) => expect.closeTo(value, 3)));
  expect(pixel(aligned, 38, 60)).toEqual([0, 0, 250].map((value) => expect.closeTo(value, 3)));
});

test('stripes finer than a pixel of the aligned face become their mean, and no pattern', () => {
  const picture = paintedPicture(900, 900, (x) => [x % 2 === 0 ? 0 : 255, 0, 0]);
  const aligned = alignFace(
    picture,
    moved(([x, y]) => [x * 6, y * 6]),
  );
  const reds = Array.from({ length: 80 }, (_, x) => pixel(aligned, x + 10, 50)[0] ?? 0);
  expect(Math.min(...reds)).toBeGreaterThan(120);
  expect(Math.max(...reds)).toBeLessThan(135);
});

test('beyond the picture its edge goes on: no black bars', () => {
  const picture = paintedPicture(112, 60, () => [90, 100, 110]);
  expect(pixel(alignFace(picture, TEMPLATE), 56, 111).map(Math.round)).toEqual([90, 100, 110]);
});
