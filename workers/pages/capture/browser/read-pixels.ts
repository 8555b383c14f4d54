import type { RgbaPicture } from '../../../inference/picture/rgba-picture.ts';

let canvas: OffscreenCanvas | null = null;

/** The frame as the camera gave it: only the preview is mirrored. Closes the bitmap. */
export function readPixels(bitmap: ImageBitmap): RgbaPicture {
  const { width, height } = bitmap;
  if (canvas?.width !== width || canvas.height !== height) canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext('2d', { willReadFrequently: true, alpha: false });
  if (!context) throw new Error('no canvas');
  context.drawImage(bitmap, 0, 0);
  bitmap.close();
  const { data } = context.getImageData(0, 0, width, height);
  return { width, height, data: new Uint8Array(data.buffer) };
}
