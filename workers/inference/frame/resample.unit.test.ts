import { expect, test } from 'vitest';
import { seededRandom } from '#shared/testing/seeded-random.ts';
import { paintedPicture } from '../testing/painted-picture.ts';
import type { Box } from './box.ts';
import { type RgbImage, resample, toRgba } from './resample.ts';

const boundsOf = ({ width, height }: { width: number; height: number }): Box => ({ x: 0, y: 0, width, height });

/** One row of one channel. */
function row(image: RgbImage, y: number, channel = 0): number[] {
  return Array.from({ length: image.width }, (_, x) => image.data[(y * image.width + x) * 3 + channel] ?? Number.NaN);
}

function column(image: RgbImage, x: number, channel = 0): number[] {
  return Array.from({ length: image.height }, (_, y) => image.data[(y * image.width + x) * 3 + channel] ?? Number.NaN);
}

const near = (values: readonly number[]) => values.map((value) => expect.closeTo(value, 3));

const random = seededRandom(7);
const grain = paintedPicture(9, 7, () => [random() * 256, random() * 256, random() * 256]);
/** Red rises to the right, green downwards; blue is the same everywhere. */
const ramp = paintedPicture(16, 12, (x, y) => [x * 10, y * 10, 77]);

test.each([true, false])('at its own size a picture stays what it is (smooth: %s)', (smooth) => {
  const { data } = toRgba(resample(grain, boundsOf(grain), boundsOf(grain), grain, smooth));
  expect(data).toEqual(grain.data);
});

test.each([true, false])('halving keeps a slope, each channel its own (smooth: %s)', (smooth) => {
  const half = resample(ramp, boundsOf(ramp), boundsOf(ramp), { width: 8, height: 6 }, smooth);
  const inner = [1, 2, 3, 4, 5, 6];
  expect(row(half, 2).slice(1, 7)).toEqual(near(inner.map((x) => x * 20 + 5)));
  expect(column(half, 3, 1).slice(1, 5)).toEqual(near(inner.slice(0, 4).map((y) => y * 20 + 5)));
  expect(row(half, 2, 2)).toEqual(near(Array(8).fill(77)));
});

test('smooth reads every pixel that it covers, quick only the two next to the point', () => {
  const stripes = paintedPicture(24, 6, (x) => (x % 2 === 0 ? [200, 0, 0] : [0, 0, 0]));
  const size = { width: 8, height: 2 };
  const quick = row(resample(stripes, boundsOf(stripes), boundsOf(stripes), size, false), 0);
  const smooth = row(resample(stripes, boundsOf(stripes), boundsOf(stripes), size, true), 0).slice(1, 7);
  expect(quick).toEqual(near([0, 200, 0, 200, 0, 200, 0, 200]));
  // Of a triangle of three pixels each way, 4/9 or 5/9 of the weight is on the bright ones.
  expect(smooth).toEqual(near([1, 0, 1, 0, 1, 0].map((odd) => (200 * (odd ? 5 : 4)) / 9)));
});

test.each([
  [true, { x: -3.7, y: 2.2, width: 30, height: 21.3 }],
  [false, { x: -3.7, y: 2.2, width: 30, height: 21.3 }],
  [true, { x: 4.1, y: 4.9, width: 2.5, height: 1.5 }],
  [false, { x: 4.1, y: 4.9, width: 2.5, height: 1.5 }],
])('one colour stays that colour (smooth: %s, %o)', (smooth, region) => {
  const plain = paintedPicture(16, 12, () => [90, 120, 30]);
  const { data } = resample(plain, region, boundsOf(plain), { width: 11, height: 5 }, smooth);
  for (const [at, value] of data.entries()) expect(value).toBeCloseTo([90, 120, 30][at % 3] ?? 0, 3);
});

test('beyond the bounds the nearest pixel inside goes on; what the picture has there does not come in', () => {
  const bordered = paintedPicture(16, 12, (x, y) => (x < 4 || x >= 12 || y < 3 ? [0, 0, 0] : [x * 10, y * 10, 0]));
  const bounds = { x: 4, y: 3, width: 8, height: 9 };
  const image = resample(bordered, boundsOf(bordered), bounds, bordered, false);
  expect(row(image, 6)).toEqual(near([40, 40, 40, 40, 40, 50, 60, 70, 80, 90, 100, 110, 110, 110, 110, 110]));
  expect(column(image, 6, 1)).toEqual(near([30, 30, 30, 30, 40, 50, 60, 70, 80, 90, 100, 110]));
});

test('bounds with fractions take whole pixels only', () => {
  const bounds = { x: 3.4, y: 0, width: 5.2, height: 12 };
  const image = resample(ramp, boundsOf(ramp), bounds, ramp, false);
  expect([Math.min(...row(image, 5)), Math.max(...row(image, 5))]).toEqual([40, 70]);
});

test('a region that lies wholly outside is the edge next to it', () => {
  const image = resample(ramp, { x: 30, y: -20, width: 4, height: 4 }, boundsOf(ramp), { width: 2, height: 2 }, true);
  expect([...row(image, 0), ...row(image, 1, 1)]).toEqual(near([150, 150, 0, 0]));
});

test('a region between pixels is read between them', () => {
  const region = { x: 2.25, y: 3.5, width: 4, height: 3 };
  const image = resample(ramp, region, boundsOf(ramp), { width: 4, height: 3 }, false);
  expect(row(image, 1)).toEqual(near([22.5, 32.5, 42.5, 52.5]));
  expect(column(image, 1, 1)).toEqual(near([35, 45, 55]));
});

test('enlarging puts new pixels between the old', () => {
  const image = resample(ramp, { x: 4, y: 4, width: 2, height: 2 }, boundsOf(ramp), { width: 4, height: 4 }, true);
  expect(row(image, 0)).toEqual(near([37.5, 42.5, 47.5, 52.5]));
});

test('toRgba rounds, keeps to a byte, and is opaque', () => {
  const image = { width: 2, height: 1, data: Float32Array.of(-3, 12.6, 300, 1, 2, 254.4) };
  expect([...toRgba(image).data]).toEqual([0, 13, 255, 255, 1, 2, 254, 255]);
});
