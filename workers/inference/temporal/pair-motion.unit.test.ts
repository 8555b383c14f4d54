import { expect, test } from 'vitest';
import { realFaceCrop } from '../testing/real-face.ts';
import { FaceComparer } from './pair-motion.ts';
import { filmedFace } from './testing/face-view.ts';

const crop = await realFaceCrop();
const face = filmedFace(crop);
/** A sheet that bends: its rim goes where no plane would put it. */
const bent = filmedFace(crop, (x, y) => [x + 0.05 * y * y, y]);

test('a sheet is tried where it may bend, and only there', () => {
  const comparer = new FaceComparer();
  const stiff = comparer.compare(face, bent, false);
  const soft = comparer.compare(face, bent, true);
  expect(stiff?.beyondSheet).toBe(stiff?.beyondPlane);
  expect(soft?.beyondPlane).toBe(stiff?.beyondPlane);
  expect(soft?.beyondSheet).toBeLessThan(0.7 * (soft?.beyondPlane ?? 0));
});

test('faces made ready for one comparison serve the next as well as others would', () => {
  const comparer = new FaceComparer();
  comparer.compare(face, bent, true);
  expect(comparer.compare(bent, face, true)).toEqual(new FaceComparer().compare(bent, face, true));
});
