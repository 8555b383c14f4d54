import sharp from 'sharp';
import type { RgbaPicture } from '../../workers/inference/picture/rgba-picture.ts';

interface PngOptions {
  compressionLevel?: number;
  /** Longer side at most. */
  largestSide?: number;
}

/** As a canvas writes it: with alpha. */
export async function toPng({ width, height, data }: RgbaPicture, options: PngOptions = {}): Promise<Buffer> {
  const { compressionLevel = 1, largestSide: side = Math.max(width, height) } = options;
  const picture = sharp(data, { raw: { width, height, channels: 4 } });
  const fitted = side < Math.max(width, height) ? picture.resize(side, side, { fit: 'inside' }) : picture;
  return await fitted.png({ compressionLevel, adaptiveFiltering: true }).toBuffer();
}
