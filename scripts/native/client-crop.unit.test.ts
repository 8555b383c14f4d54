import { expect, test } from 'vitest';
import type { RgbaPicture } from '../../workers/inference/picture/rgba-picture.ts';
import { paintedPicture } from '../../workers/inference/testing/painted-picture.ts';
import { clientCrop } from './client-crop.ts';

const picture = paintedPicture(320, 240, (x, y) => [Math.min(255, x), y, 200]);
const pixel = ({ data }: RgbaPicture, x: number, y: number) => [
  ...data.subarray((y * 224 + x) * 4, (y * 224 + x) * 4 + 4),
];

test('the square of 3 x the larger side, with the face in the middle third', () => {
  // A square of 180 from 40, 30: each of its pixels is 1.244 of the crop.
  const crop = clientCrop(picture, { x: 110, y: 90, width: 40, height: 60 });
  expect(crop).toMatchObject({ width: 224, height: 224 });
  const [red = 0, green = 0, blue, alpha] = pixel(crop, 112, 112);
  expect(Math.abs(red - 130)).toBeLessThanOrEqual(1);
  expect(Math.abs(green - 120)).toBeLessThanOrEqual(1);
  expect([blue, alpha]).toEqual([200, 255]);
  const [left = 0] = pixel(crop, 0, 112);
  const [right = 0] = pixel(crop, 223, 112);
  expect(Math.abs(left - 40)).toBeLessThanOrEqual(1);
  expect(Math.abs(right - 219)).toBeLessThanOrEqual(1);
});

test('within the picture nothing is black', () => {
  const crop = clientCrop(picture, { x: 130, y: 90, width: 60, height: 60 });
  expect(crop.data.every((value, at) => at % 4 !== 2 || value === 200)).toBe(true);
});

test('beyond the picture it is black, and opaque, on each side by what is beyond', () => {
  // A square of 300 from 10, -30: 30 beyond the top and 30 beyond the bottom, 22.4 rows each.
  const crop = clientCrop(picture, { x: 110, y: 70, width: 100, height: 100 });
  const isBlack = (y: number) =>
    pixel(crop, 112, y)
      .slice(0, 3)
      .every((value) => value === 0);
  const rows = Array.from({ length: 224 }, (_, y) => y).filter(isBlack);
  expect([rows.length, rows.indexOf(21), rows.at(22)]).toEqual([44, 21, 202]);
  expect(pixel(crop, 112, 0)).toEqual([0, 0, 0, 255]);
  expect(pixel(crop, 0, 112)[2]).toBe(200);
});

test('so it is to the left and to the right', () => {
  const left = clientCrop(picture, { x: 0, y: 90, width: 60, height: 60 });
  expect([pixel(left, 0, 112), pixel(left, 223, 112)[2]]).toEqual([[0, 0, 0, 255], 200]);
  const right = clientCrop(picture, { x: 260, y: 90, width: 60, height: 60 });
  expect([pixel(right, 223, 112), pixel(right, 0, 112)[2]]).toEqual([[0, 0, 0, 255], 200]);
});
