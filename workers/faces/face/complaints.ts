import type { FaceComplaint } from '#shared/rpc/faces.ts';
import type { FrameQuality } from '#shared/rpc/inference.ts';
import type { Box } from '../../inference/frame/box.ts';
import type { FivePoints } from './five-points.ts';
import { DOUBT_OFF_CENTRE_COST, prominence } from './prominence.ts';
import { turnOf } from './turn.ts';

/**
 * Another face this prominent against the subject may be whom the picture is meant to show. Of 343 press photographs ten have one;
 * eight of them show two people, in two the detector is mistaken (a helmet, a hand). It is better to ask for another picture.
 */
export const RIVAL_PROMINENCE = 0.7;
/** Larger side of the face. From here on down a face is soon less like itself: a mean cosine of 0.90 at 40, of 0.58 at 25. */
export const LEAST_FACE_PIXELS = 40;
/** See `turnOf`. Of the same photographs 2 % are turned further, and few people are known by one side of the face. */
export const MOST_TURN = 0.75;
/** Mean luminance, 0 to 255. No photograph lies beyond; darker or brighter ones are less like themselves, or not found at all. */
export const LEAST_BRIGHTNESS = 30;
export const MOST_BRIGHTNESS = 220;
/**
 * Of brightness, since what is dark has weaker edges. No photograph has less than 0.10; a face of 22 pixels that was blown up has
 * 0.06, and half of what it is known by.
 */
export const LEAST_SHARPNESS_BY_BRIGHTNESS = 0.06;

export interface SeenFace {
  box: Box;
  points: FivePoints;
  quality: Omit<FrameQuality, 'faceShare'>;
}

/** Why the first of these faces is not one clear face, the gravest first. */
export function complaintsOf(faces: readonly SeenFace[], bounds: Box): FaceComplaint[] {
  const [subject, ...others] = faces;
  if (!subject) return ['no_face'];
  const { quality, points } = subject;
  const rival = RIVAL_PROMINENCE * prominence(subject.box, bounds, DOUBT_OFF_CENTRE_COST);
  const checks: [FaceComplaint, boolean][] = [
    ['several_faces', others.some(({ box }) => prominence(box, bounds, DOUBT_OFF_CENTRE_COST) >= rival)],
    ['too_small', quality.faceSizePixels < LEAST_FACE_PIXELS],
    ['turned_away', turnOf(points) > MOST_TURN],
    ['too_dark', quality.brightness < LEAST_BRIGHTNESS],
    ['too_bright', quality.brightness > MOST_BRIGHTNESS],
    ['too_blurred', quality.sharpness < LEAST_SHARPNESS_BY_BRIGHTNESS * quality.brightness],
  ];
  return checks.flatMap(([complaint, applies]) => (applies ? [complaint] : []));
}
