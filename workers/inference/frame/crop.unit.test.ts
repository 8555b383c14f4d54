import { expect, test } from 'vitest';
import { paintedPicture } from '../testing/painted-picture.ts';
import { CROP_BOUNDS, cropOf } from './crop.ts';

const ramp = paintedPicture(448, 300, (x, y) => [x / 2, y / 2, 9]);

test('a crop that came as asked for is the picture itself', () => {
  const picture = paintedPicture(224, 224, (x, y) => [x, y, 0]);
  expect(cropOf(picture, { x: 0, y: 0, width: 224, height: 224 }, CROP_BOUNDS).picture).toBe(picture);
  // A fraction of a pixel less, as the arithmetic of a box may leave it.
  expect(cropOf(picture, { x: 0.3, y: 0.3, width: 223.4, height: 223.4 }, CROP_BOUNDS)).toEqual({
    picture,
    square: CROP_BOUNDS,
  });
});

test('a smaller part of it is scaled up to the size', () => {
  const picture = paintedPicture(224, 224, (x) => [x, 0, 0]);
  const square = { x: 50, y: 60, width: 112, height: 112 };
  const crop = cropOf(picture, square, CROP_BOUNDS);
  expect(crop.square).toEqual(square);
  expect([crop.picture.width, crop.picture.height]).toEqual([224, 224]);
  expect([crop.picture.data[0], crop.picture.data[223 * 4]]).toEqual([50, 161]);
});

test('of a frame the square is cut out and scaled', () => {
  const square = { x: 100, y: 20, width: 200, height: 200 };
  const { picture } = cropOf(ramp, square, { x: 0, y: 0, width: 448, height: 300 });
  const middle = (112 * 224 + 112) * 4;
  expect([...picture.data.subarray(middle, middle + 4)]).toEqual([100, 60, 9, 255]);
});
