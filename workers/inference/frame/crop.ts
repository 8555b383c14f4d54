import type { RgbaPicture } from '../picture/rgba-picture.ts';
import type { Box } from './box.ts';
import { resample, toRgba } from './resample.ts';

/** The crop that clients are asked for, made here of whole frames too, so that both meet the same analysis. */
export const CROP_SIDE = 224;
export const CROP_BOUNDS: Box = { x: 0, y: 0, width: CROP_SIDE, height: CROP_SIDE };

export interface CropPicture {
  picture: RgbaPicture;
  /** Where in the whole picture it was cut out. */
  square: Box;
}

/** A crop that came as asked for is taken as it is: scaling it again would only blur it. */
export function cropOf(picture: RgbaPicture, square: Box, bounds: Box): CropPicture {
  const isWhole = picture.width === CROP_SIDE && picture.height === CROP_SIDE && square.width > CROP_SIDE - 1;
  if (isWhole) return { picture, square: CROP_BOUNDS };
  const image = resample(picture, square, bounds, { width: CROP_SIDE, height: CROP_SIDE }, true);
  return { picture: toRgba(image), square };
}
