import type { Picture } from './picture.ts';

/** How stored pixels become upright ones: first turned over along the diagonal, then mirrored. */
export interface Orientation {
  swapsAxes: boolean;
  mirrorsX: boolean;
  mirrorsY: boolean;
}

/** The four numbers of a display matrix that turn: x' = a x + c y, y' = b x + d y. */
export interface DisplayMatrix {
  a: number;
  b: number;
  c: number;
  d: number;
}

/** The nearest of the eight ways in which a picture fits its frame; phones write no other. */
export function orientationOf({ a, b, c, d }: DisplayMatrix): Orientation {
  const swapsAxes = Math.abs(b) + Math.abs(c) > Math.abs(a) + Math.abs(d);
  return swapsAxes ? { swapsAxes, mirrorsX: c < 0, mirrorsY: b < 0 } : { swapsAxes, mirrorsX: a < 0, mirrorsY: d < 0 };
}

/** Clockwise. Of a mirrored picture, what is left once it is mirrored back from left to right. */
export function rotationOf({ swapsAxes, mirrorsY }: Orientation): 0 | 90 | 180 | 270 {
  if (swapsAxes) return mirrorsY ? 270 : 90;
  return mirrorsY ? 180 : 0;
}

/** A copy in any case. */
export function upright(picture: Picture, { swapsAxes, mirrorsX, mirrorsY }: Orientation): Picture {
  const { width, height } = picture;
  if (!swapsAxes && !mirrorsX && !mirrorsY) return { width, height, rgba: picture.rgba.slice() };
  const source = new Uint32Array(picture.rgba.buffer, picture.rgba.byteOffset, width * height);
  const target = new Uint32Array(width * height);
  const targetWidth = swapsAxes ? height : width;
  const targetHeight = swapsAxes ? width : height;
  for (let y = 0; y < targetHeight; y++) {
    const alongY = mirrorsY ? targetHeight - 1 - y : y;
    for (let x = 0; x < targetWidth; x++) {
      const alongX = mirrorsX ? targetWidth - 1 - x : x;
      target[y * targetWidth + x] = source[swapsAxes ? alongX * width + alongY : alongY * width + alongX] ?? 0;
    }
  }
  return { width: targetWidth, height: targetHeight, rgba: new Uint8Array(target.buffer) };
}
