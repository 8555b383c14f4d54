import { type Box, centreOf, largerSide, squareAround, squareWithin } from '../../inference/frame/box.ts';
import { resample, toRgba } from '../../inference/frame/resample.ts';
import type { RgbaPicture } from '../../inference/picture/rgba-picture.ts';
import { boundsOf } from '../face/find-faces.ts';

export const THUMBNAIL_SIDE = 160;
/** Head and shoulders, by the size of the face: hair above it, some of the chest below. */
const SIDE_BY_FACE = 2.2;
const LOWERED_BY_FACE = 0.15;

/** A small square of the picture round a face. Moved where the picture ends, and smaller where it is. */
export function thumbnailOf(picture: RgbaPicture, face: Box): RgbaPicture {
  const bounds = boundsOf(picture);
  const size = largerSide(face);
  const { x, y } = centreOf(face);
  const lowered = squareAround({ x, y: y + size * LOWERED_BY_FACE, width: 0, height: 0 }, size * SIDE_BY_FACE);
  const square = squareWithin(bounds, lowered);
  return toRgba(resample(picture, square, bounds, { width: THUMBNAIL_SIDE, height: THUMBNAIL_SIDE }, true));
}
