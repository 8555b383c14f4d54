import type { FaceEvidence, FrameEvidence, PictureKind } from '#shared/rpc/inference.ts';
import type { RgbaPicture } from '../picture/rgba-picture.ts';
import { type Box, intoSquare, largerSide, squareAround } from './box.ts';
import { CROP_BOUNDS, CROP_SIDE } from './crop.ts';
import { faceQuality } from './face-quality.ts';
import { findSubject } from './find-subject.ts';
import { contentHash } from './grey-patch.ts';
import { findLandmarks, greyFace } from './landmarks.ts';
import type { Networks } from './networks.ts';
import { pictureBounds } from './picture-bounds.ts';
import type { FrameSampling } from './sampling.ts';
import { skinColours } from './skin-colour.ts';
import { marginsOfView, type NetworkMargins } from './texture.ts';

/** The view of the texture model that it was trained on, as a multiple of the face. */
export const VIEW_BY_FACE = 2.7;

export interface FrameToAnalyse {
  picture: RgbaPicture;
  kind: PictureKind;
  /** What is done of the costly steps; `samplingOf` says, for a check. */
  sampling: FrameSampling;
  /** Of the frame before this one. */
  previousFace: FaceEvidence | null;
}

/** One frame's record. The picture itself goes no further than this function. */
export async function analyseFrame(frame: FrameToAnalyse, networks: Networks): Promise<FrameEvidence> {
  const { picture, kind } = frame;
  const { width, height } = picture;
  return { version: 1, kind, width, height, face: await faceEvidence(frame, networks) };
}

async function faceEvidence(frame: FrameToAnalyse, networks: Networks): Promise<FaceEvidence | null> {
  const { picture, kind, sampling, previousFace } = frame;
  const whole = { x: 0, y: 0, width: picture.width, height: picture.height };
  const bounds = kind === 'crop' ? pictureBounds(picture) : whole;
  const subject = await findSubject(picture, bounds, { previousFace, lookAgain: sampling.detect }, networks);
  if (subject === null) return null;

  const { box, crop, patch } = subject;
  const face = intoSquare(box, crop.square, CROP_SIDE);
  const grey = greyFace(crop.picture, face, CROP_BOUNDS);
  const landmarks = await findLandmarks(grey, networks);
  return {
    box,
    square: crop.square,
    confidence: subject.confidence,
    faceCount: subject.faceCount,
    quality: faceQuality(grey, box, Math.max(picture.width, picture.height)),
    ...(await marginsOfViews(crop.picture, face, sampling, networks)),
    landmarks: outOfCrop(landmarks, crop.square),
    skin: skinColours(crop.picture, landmarks),
    patch,
    contentHash: await contentHash(patch),
  };
}

/** The points in pixels of the whole picture. */
function outOfCrop(landmarks: Float32Array, square: Box): Float32Array {
  const scale = square.width / CROP_SIDE;
  return landmarks.map((value, i) => (i % 2 === 0 ? square.x : square.y) + value * scale);
}

/**
 * Two views: the square of 2.7 x the face, continued beyond the crop where it must, and the whole crop. Each errs on
 * other pictures, so their mean is better than either.
 */
async function marginsOfViews(crop: RgbaPicture, face: Box, sampling: FrameSampling, networks: Networks) {
  const region = squareAround(face, VIEW_BY_FACE * largerSide(face));
  const square = sampling.square ? await marginsOfView(crop, region, CROP_BOUNDS, networks) : null;
  const whole = sampling.whole ? await marginsOfView(crop, CROP_BOUNDS, CROP_BOUNDS, networks) : null;
  const by = (network: keyof NetworkMargins) => ({
    square: square?.[network] ?? null,
    whole: whole?.[network] ?? null,
  });
  return { textureMargins: by('liveness'), recaptureMargins: by('recapture') };
}
