import { type Box, intoSquare } from '../../inference/frame/box.ts';
import { CROP_BOUNDS, CROP_SIDE } from '../../inference/frame/crop.ts';
import { faceQuality } from '../../inference/frame/face-quality.ts';
import { findSubject } from '../../inference/frame/find-subject.ts';
import { greyFace } from '../../inference/frame/landmarks.ts';
import type { Networks } from '../../inference/frame/networks.ts';
import type { RgbaPicture } from '../../inference/picture/rgba-picture.ts';
import type { HintCode } from './hints.ts';
import { problemOf } from './judge-face.ts';

export interface LookedAt {
  problem: HintCode | null;
  box: Box | null;
  /** 224x224; null without a face. */
  crop: RgbaPicture | null;
}

/** One frame, with the server's own steps in the server's own order: what is cut out here is what it would cut out itself. */
export async function lookAt(
  picture: RgbaPicture,
  wasRight: boolean,
  networks: Pick<Networks, 'detectFaces'>,
): Promise<LookedAt> {
  const { width, height } = picture;
  const whole = { x: 0, y: 0, width, height };
  const subject = await findSubject(picture, whole, { previousFace: null, lookAgain: true }, networks);
  if (subject === null) return { problem: 'no_face', box: null, crop: null };
  const { box, crop, faceCount } = subject;
  const grey = greyFace(crop.picture, intoSquare(box, crop.square, CROP_SIDE), CROP_BOUNDS);
  const quality = faceQuality(grey, box, Math.max(width, height));
  return { problem: problemOf({ box, faceCount, quality }, picture, wasRight), box, crop: crop.picture };
}
