import type { FrameQuality } from '#shared/rpc/inference.ts';
import type { DetectedFace } from '../../inference/frame/detect-faces.ts';
import { faceQuality } from '../../inference/frame/face-quality.ts';
import { findLandmarks, greyFace } from '../../inference/frame/landmarks.ts';
import type { RgbaPicture } from '../../inference/picture/rgba-picture.ts';
import type { FaceNetworks } from './face-networks.ts';
import { boundsOf } from './find-faces.ts';
import { type FivePoints, fivePoints } from './five-points.ts';

export interface ReadFace extends DetectedFace {
  points: FivePoints;
  quality: FrameQuality;
}

/** Where the points of a face are, and how well it is seen. */
export async function readFace(
  picture: RgbaPicture,
  { box, confidence }: DetectedFace,
  networks: Pick<FaceNetworks, 'findLandmarks'>,
): Promise<ReadFace> {
  const grey = greyFace(picture, box, boundsOf(picture));
  const points = fivePoints(await findLandmarks(grey, networks));
  return { box, confidence, points, quality: faceQuality(grey, box, Math.max(picture.width, picture.height)) };
}
