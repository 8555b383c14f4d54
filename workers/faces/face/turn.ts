import type { FivePoints } from './five-points.ts';

/**
 * How far a face is turned to the side: 0 where the nose stands in the middle between the eyes, along the line through them, 1
 * where it stands below one of them, more beyond. A face that is tilted is not turned.
 */
export function turnOf([leftEye, rightEye, nose]: FivePoints): number {
  const along = [rightEye[0] - leftEye[0], rightEye[1] - leftEye[1]] as const;
  const squared = along[0] ** 2 + along[1] ** 2;
  // Both eyes in one place: a profile, or no face at all.
  if (squared === 0) return Number.POSITIVE_INFINITY;
  const share = ((nose[0] - leftEye[0]) * along[0] + (nose[1] - leftEye[1]) * along[1]) / squared;
  return Math.abs(share - 0.5) * 2;
}
