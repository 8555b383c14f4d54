import type { RgbaPicture } from '../../../inference/picture/rgba-picture.ts';
import type { EncodedCrop } from '../check-body.ts';

export async function encodeCrop({ width, height, data }: RgbaPicture, index: number): Promise<EncodedCrop> {
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext('2d');
  if (!context) throw new Error('no canvas');
  context.putImageData(new ImageData(new Uint8ClampedArray(data), width, height), 0, 0);
  return { index, pixels: await base64Of(await canvas.convertToBlob({ type: 'image/png' })) };
}

/** By the browser's own reader: a loop over the bytes would take longer than the picture took to encode. */
function base64Of(blob: Blob): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(String(reader.result).replace(/^data:[^,]*,/, ''));
    reader.onerror = () => reject(reader.error ?? new Error('a crop could not be read'));
    reader.readAsDataURL(blob);
  });
}
