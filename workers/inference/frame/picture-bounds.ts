import type { RgbaPicture } from '../picture/rgba-picture.ts';
import type { Box } from './box.ts';

/** A client may paint transparent, or black that a lossy format has made nearly black. */
const BLACK_AT_MOST = 12;
const OPAQUE_AT_LEAST = 128;
/** So much of a row must be border before the row is. Compression lets the picture bleed over by a pixel or two. */
const BORDER_SHARE = 0.97;
const BLEED_PIXELS = 2;
/** The face alone is a third of a crop: what leaves less than this is a dark picture, not one with borders. */
const LEAST_SHARE = 0.25;

/**
 * The picture inside of black or transparent borders. A square of 3 x the face reaches beyond the frame of most webcams,
 * and clients leave what is beyond empty; a texture model takes an edge to black for the edge of a screen.
 */
export function pictureBounds(picture: RgbaPicture): Box {
  const { width, height } = picture;
  const top = countBorder(height, (y) => isBorderRow(picture, y));
  const bottom = countBorder(height - top, (y) => isBorderRow(picture, height - 1 - y));
  const left = countBorder(width, (x) => isBorderColumn(picture, x, top, height - bottom));
  const right = countBorder(width - left, (x) => isBorderColumn(picture, width - 1 - x, top, height - bottom));
  const box = { x: left, y: top, width: width - left - right, height: height - top - bottom };
  const whole = { x: 0, y: 0, width, height };
  return box.width < width * LEAST_SHARE || box.height < height * LEAST_SHARE ? whole : box;
}

function countBorder(most: number, isBorder: (index: number) => boolean): number {
  let count = 0;
  while (count < most && isBorder(count)) count++;
  return count === 0 ? 0 : Math.min(most, count + BLEED_PIXELS);
}

function isBorderRow(picture: RgbaPicture, y: number): boolean {
  let empty = 0;
  for (let x = 0; x < picture.width; x++) if (isEmpty(picture, x, y)) empty++;
  return empty >= picture.width * BORDER_SHARE;
}

function isBorderColumn(picture: RgbaPicture, x: number, top: number, bottom: number): boolean {
  let empty = 0;
  for (let y = top; y < bottom; y++) if (isEmpty(picture, x, y)) empty++;
  return empty >= (bottom - top) * BORDER_SHARE;
}

function isEmpty({ data, width }: RgbaPicture, x: number, y: number): boolean {
  const pixel = (y * width + x) * 4;
  if ((data[pixel + 3] ?? 0) < OPAQUE_AT_LEAST) return true;
  return Math.max(data[pixel] ?? 0, data[pixel + 1] ?? 0, data[pixel + 2] ?? 0) <= BLACK_AT_MOST;
}
