import { type Box, centreOf, largerSide } from '../../inference/frame/box.ts';

/**
 * How much a face in a corner loses against one in the middle, as a share of its size. Who is meant: more than in a check of
 * liveness, where one person holds a camera at arm's length. Photographs of a group are taken of whoever stands in the middle,
 * though somebody at the edge may be nearer.
 */
export const MEANT_OFF_CENTRE_COST = 0.8;
/** Whether it is clear who is meant: somebody at the edge who is as near raises a doubt. */
export const DOUBT_OFF_CENTRE_COST = 0.5;

/** Large and central, as one number: pixels of the larger side, less what a place off the middle costs. */
export function prominence(box: Box, picture: Box, offCentreCost: number): number {
  const face = centreOf(box);
  const middle = centreOf(picture);
  const distance = Math.hypot((face.x - middle.x) / picture.width, (face.y - middle.y) / picture.height);
  return largerSide(box) * (1 - offCentreCost * Math.min(1, distance / Math.SQRT1_2));
}
