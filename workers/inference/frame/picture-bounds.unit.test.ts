import { expect, test } from 'vitest';
import { type Paint, paintedPicture } from '../testing/painted-picture.ts';
import { pictureBounds } from './picture-bounds.ts';

const SIZE = { width: 100, height: 80 };
const WHOLE = { x: 0, y: 0, ...SIZE };
const SKIN: Paint = [150, 110, 90];
const BORDER_PIXELS = 10;

const picture = (paint: (x: number, y: number) => Paint) => paintedPicture(SIZE.width, SIZE.height, paint);

/** Two pixels more than the border go, for compression lets the picture bleed over. */
const SIDES = {
  left: { covers: (x: number) => x < BORDER_PIXELS, inner: { x: 12, y: 0, width: 88, height: 80 } },
  right: { covers: (x: number) => x >= 100 - BORDER_PIXELS, inner: { x: 0, y: 0, width: 88, height: 80 } },
  top: { covers: (_: number, y: number) => y < BORDER_PIXELS, inner: { x: 0, y: 12, width: 100, height: 68 } },
  bottom: { covers: (_: number, y: number) => y >= 80 - BORDER_PIXELS, inner: { x: 0, y: 0, width: 100, height: 68 } },
};
const BORDERS: Record<string, (x: number, y: number) => Paint> = {
  black: () => [0, 0, 0],
  transparent: () => [150, 110, 90, 0],
  'nearly black': (x, y) => [(x * 5) % 13, (y * 7) % 13, (x + y) % 13],
  'nearly transparent': () => [255, 255, 255, 127],
};
const everySide = Object.entries(SIDES).flatMap(([side, { covers, inner }]) =>
  Object.entries(BORDERS).map(([name, border]) => ({ name, side, covers, inner, border })),
);

test.each(everySide)('a $name border on the $side is left out', ({ covers, inner, border }) => {
  const bordered = picture((x, y) => (covers(x, y) ? border(x, y) : SKIN));
  expect(pictureBounds(bordered)).toEqual(inner);
});

test('borders on all sides at once, each of its own width', () => {
  const bordered = picture((x, y) => (x < 5 || x >= 90 || y < 8 || y >= 77 ? [0, 0, 0] : SKIN));
  expect(pictureBounds(bordered)).toEqual({ x: 7, y: 10, width: 81, height: 65 });
});

test('a few pixels that bleed into a border do not hide it; a line of picture does', () => {
  const bleeding = (lit: number) => picture((x, y) => (y < 10 && x >= lit ? [0, 0, 0] : SKIN));
  expect(pictureBounds(bleeding(3))).toEqual(SIDES.top.inner);
  expect(pictureBounds(bleeding(4))).toEqual(WHOLE);
});

test('what is dark but not black, or half seen through, is picture', () => {
  expect(pictureBounds(picture((x) => (x < 10 ? [0, 0, 13] : SKIN)))).toEqual(WHOLE);
  expect(pictureBounds(picture((x) => (x < 10 ? [200, 0, 0, 128] : SKIN)))).toEqual(WHOLE);
});

test('a picture without borders is whole', () => {
  expect(pictureBounds(picture((x, y) => [x, y, 60]))).toEqual(WHOLE);
});

test('black inside of the picture is no border', () => {
  const hair = picture((x, y) => (y >= 20 && y < 40 && x >= 0 ? [0, 0, 0] : SKIN));
  expect(pictureBounds(hair)).toEqual(WHOLE);
});

test.each([
  ['half its width', (x: number) => x >= 30 && x < 80, { x: 32, y: 0, width: 46, height: 80 }],
  ['a fifth of its width', (x: number) => x >= 30 && x < 50, WHOLE],
  ['half its height', (_: number, y: number) => y >= 20 && y < 60, { x: 0, y: 22, width: 100, height: 36 }],
  ['a fifth of its height', (_: number, y: number) => y >= 20 && y < 36, WHOLE],
] as const)('a dark picture is not one with borders: lit over %s', (_, isLit, bounds) => {
  expect(pictureBounds(picture((x, y) => (isLit(x, y) ? SKIN : [4, 4, 4])))).toEqual(bounds);
});

test('a picture that is black all over is whole', () => {
  expect(pictureBounds(picture(() => [0, 0, 0]))).toEqual(WHOLE);
});
