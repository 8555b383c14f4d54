import type { RgbaPicture } from '../picture/rgba-picture.ts';

/** Red, green, blue and, unless it is opaque, alpha. */
export type Paint = readonly [number, number, number, number?];

/** A picture whose pixels are what `paint` says of their column and row. */
export function paintedPicture(width: number, height: number, paint: (x: number, y: number) => Paint): RgbaPicture {
  const data = new Uint8Array(width * height * 4);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const [red, green, blue, alpha = 255] = paint(x, y);
      data.set([red, green, blue, alpha], (y * width + x) * 4);
    }
  }
  return { width, height, data };
}
