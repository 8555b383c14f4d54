import { type Box, centreOf, intersectionOverUnion, largerSide } from './box.ts';
import type { DetectedFace } from './detect-faces.ts';

/** How much a face in a corner loses against one in the middle, as a share of its size. */
const OFF_CENTRE_COST = 0.5;
/** The face of the frame before wins against one that looks up to this much better: the subject does not jump. */
const SAME_SUBJECT_BONUS = 1.6;
const SAME_SUBJECT_OVERLAP = 0.3;

/** The person who is checked: large and central, and the one of the frame before where that is possible. */
export function chooseSubject(faces: readonly DetectedFace[], region: Box, previous: Box | null): DetectedFace | null {
  let best: DetectedFace | null = null;
  let bestWorth = 0;
  for (const face of faces) {
    const same = previous !== null && intersectionOverUnion(face.box, previous) > SAME_SUBJECT_OVERLAP;
    const worth = prominence(face.box, region) * (same ? SAME_SUBJECT_BONUS : 1);
    if (worth > bestWorth) [best, bestWorth] = [face, worth];
  }
  return best;
}

function prominence(box: Box, region: Box): number {
  const face = centreOf(box);
  const middle = centreOf(region);
  const distance = Math.hypot((face.x - middle.x) / region.width, (face.y - middle.y) / region.height);
  return largerSide(box) * (1 - OFF_CENTRE_COST * Math.min(1, distance / Math.SQRT1_2));
}
