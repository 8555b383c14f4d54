import { expect, test } from 'vitest';
import { paintedPicture } from '../../inference/testing/painted-picture.ts';
import { THUMBNAIL_SIDE, thumbnailOf } from './thumbnail-of.ts';

/** Red tells the column of the source, green the row. */
const picture = paintedPicture(256, 200, (x, y) => [x, y, 0]);
const corners = ({ data }: ReturnType<typeof thumbnailOf>) => {
  const last = (THUMBNAIL_SIDE * THUMBNAIL_SIDE - 1) * 4;
  return [data[0], data[1], data[last], data[last + 1]];
};
const near = (values: number[]) =>
  values.map((value) => expect.toSatisfy((seen: number) => Math.abs(seen - value) <= 2));

test('head and shoulders: more than twice the face, a little below its middle', () => {
  const thumbnail = thumbnailOf(picture, { x: 100, y: 60, width: 40, height: 50 });
  expect([thumbnail.width, thumbnail.height]).toEqual([THUMBNAIL_SIDE, THUMBNAIL_SIDE]);
  expect(corners(thumbnail)).toEqual(near([65, 37.5, 175, 147.5]));
});

test('at the edge of the picture it is moved, and shows nothing that is not there', () => {
  const thumbnail = thumbnailOf(picture, { x: -10, y: 150, width: 40, height: 50 });
  expect(corners(thumbnail)).toEqual(near([0, 90, 109, 199]));
});

test('a face that fills the picture is shown as large as the picture is', () => {
  const thumbnail = thumbnailOf(picture, { x: 30, y: 5, width: 190, height: 190 });
  expect(corners(thumbnail)).toEqual(near([25, 0, 224, 199]));
});
