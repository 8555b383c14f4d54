import type { RgbaPicture } from '../picture/rgba-picture.ts';
import { type Box, centreOf } from './box.ts';
import type { Networks } from './networks.ts';
import { resample } from './resample.ts';

const SIDE = 64;
const ROOM = 1.2;
export const LANDMARK_COUNT = 68;

/** The face with some room round it, stretched to a square; grey, 0 to 1. */
export interface GreyFace {
  side: number;
  data: Float32Array;
  region: Box;
}

export function greyFace(picture: RgbaPicture, face: Box, bounds: Box): GreyFace {
  const { x, y } = centreOf(face);
  const width = face.width * ROOM;
  const height = face.height * ROOM;
  const region = { x: x - width / 2, y: y - height / 2, width, height };
  const { data } = resample(picture, region, bounds, { width: SIDE, height: SIDE }, false);
  const grey = new Float32Array(SIDE * SIDE);
  for (let pixel = 0; pixel < grey.length; pixel++) grey[pixel] = luminance(data, pixel * 3) / 256;
  return { side: SIDE, data: grey, region };
}

/** 68 points in the pixels of the picture, x and y in turn. */
export async function findLandmarks(
  { data, region }: GreyFace,
  networks: Pick<Networks, 'findLandmarks'>,
): Promise<Float32Array> {
  const shares = await networks.findLandmarks(data);
  const points = new Float32Array(LANDMARK_COUNT * 2);
  for (let i = 0; i < LANDMARK_COUNT; i++) {
    points[i * 2] = region.x + (shares[i * 2] ?? 0) * region.width;
    points[i * 2 + 1] = region.y + (shares[i * 2 + 1] ?? 0) * region.height;
  }
  return points;
}

export function luminance(rgb: ArrayLike<number>, offset: number): number {
  return 0.299 * (rgb[offset] ?? 0) + 0.587 * (rgb[offset + 1] ?? 0) + 0.114 * (rgb[offset + 2] ?? 0);
}
