import { type FaceEvidence, PATCH_SIDE } from '#shared/rpc/inference.ts';
import type { RgbaPicture } from '../picture/rgba-picture.ts';
import { type Box, intoSquare, largerSide, squareAround, squareWithin } from './box.ts';
import { chooseSubject } from './choose-subject.ts';
import { type CropPicture, cropOf } from './crop.ts';
import { detectFaces } from './detect-faces.ts';
import { greyPatch } from './grey-patch.ts';
import type { Networks } from './networks.ts';
import { patchSimilarity } from './patch-similarity.ts';

export const CROP_BY_FACE = 3;
/** Below, something else is where the face was: a hand, another scene. Nine in ten faces a fifteenth of a second apart have over 0.9. */
const SAME_FACE_SIMILARITY = 0.8;

export interface Subject {
  box: Box;
  confidence: number;
  faceCount: number;
  crop: CropPicture;
  patch: Uint8Array<ArrayBuffer>;
}

/** The face of this frame and the crop round it; null when there is none. */
export async function findSubject(
  picture: RgbaPicture,
  bounds: Box,
  frame: { previousFace: FaceEvidence | null; lookAgain: boolean },
  networks: Pick<Networks, 'detectFaces'>,
): Promise<Subject | null> {
  const { previousFace, lookAgain } = frame;
  const stayed = previousFace && !lookAgain ? whereItWas(picture, bounds, previousFace) : null;
  if (stayed) return stayed;
  const faces = await detectFaces(picture, bounds, networks);
  const face = chooseSubject(faces, bounds, previousFace?.box ?? null);
  if (face === null) return null;
  return { ...face, faceCount: faces.length, ...around(picture, bounds, face.box) };
}

/**
 * The detector is among the costliest steps. Where a face looks as it did a moment ago, at the same place, it is not asked
 * again; in doubt it is. A frame without a face does not look like one, so it cannot pass for one.
 */
function whereItWas(picture: RgbaPicture, bounds: Box, previous: FaceEvidence): Subject | null {
  const { box, confidence, faceCount } = previous;
  const seen = around(picture, bounds, box);
  const inPatch = intoSquare(box, seen.crop.square, PATCH_SIDE);
  if (patchSimilarity(seen.patch, previous.patch, PATCH_SIDE, inPatch) < SAME_FACE_SIMILARITY) return null;
  return { box, confidence, faceCount, ...seen };
}

function around(picture: RgbaPicture, bounds: Box, face: Box): Pick<Subject, 'crop' | 'patch'> {
  const square = squareWithin(bounds, squareAround(face, CROP_BY_FACE * largerSide(face)));
  const crop = cropOf(picture, square, bounds);
  return { crop, patch: greyPatch(crop.picture) };
}
