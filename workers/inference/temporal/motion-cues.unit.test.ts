import { expect, test } from 'vitest';
import { type Comparison, comparisonsOf } from '#shared/lib/frame-pairs.ts';
import type { MovingFace, PairMotion } from '#shared/rpc/inference.ts';
import { realFaceCrop } from '../testing/real-face.ts';
import type { Homography } from './homography.ts';
import { motionCues } from './motion-cues.ts';
import { FaceComparer } from './pair-motion.ts';
import { faceView, filmedFace, type Move, planar } from './testing/face-view.ts';

const COUNT = 10;
const crop = await realFaceCrop();

const film = (frame: (index: number) => MovingFace) => Array.from({ length: COUNT }, (_, index) => frame(index));

/** How a still is moved: to and fro, at most 3 pixels. */
const handheld = (index: number): Homography => {
  const by = 0.05 * Math.sin(index);
  return [1, 0.3 * by, by, -0.3 * by, 1, -0.7 * by, 0, 0, 1];
};
const still = (index: number) => filmedFace(crop, planar(handheld(index)), handheld(index));
/** Opens the mouth slowly: a little from one frame to the next, much from the first to the last. */
const speaking = (index: number) => {
  const by = 0.006 * index;
  const move: Move = (x, y) => [x, y + by * Math.exp(-(x ** 2 + (y - 0.4) ** 2) / 0.05)];
  return filmedFace(crop, move);
};

test('equal frames show no motion at any distance', () => {
  const cues = motionCues(film(() => filmedFace(crop)));
  expect(Object.keys(cues ?? {}).sort()).toEqual(['middle', 'middleSheet', 'near', 'wide', 'wideSheet']);
  for (const value of Object.values(cues ?? {})) expect(value).toBeLessThan(0.001);
});

test('what moves by and by shows between distant frames most', () => {
  const cues = motionCues(film(speaking));
  if (cues === null) throw new Error('no cues');
  expect(cues.near).toBeLessThan(cues.middle);
  expect(cues.middle).toBeLessThan(cues.wide);
  expect(cues.wide).toBeGreaterThan(0.2);
  expect(cues.wideSheet).toBeGreaterThan(0.85 * cues.wide);
});

test('a still that is moved about shows a third of it at most', () => {
  const [moved, live] = [motionCues(film(still)), motionCues(film(speaking))];
  expect(moved?.wide).toBeLessThan((live?.wide ?? 0) / 3);
});

test('a still that is flung about is followed by its landmarks, and shows as little', () => {
  const far: Homography = [1.06, 0.05, 0.1, -0.05, 1.04, -0.08, 0.05, -0.04, 1];
  const flung = (landmarksFollow: boolean) =>
    film((index) =>
      index % 2 === 0 ? filmedFace(crop) : filmedFace(crop, planar(far), landmarksFollow ? far : undefined),
    );
  // Neighbours are all far apart.
  expect(motionCues(flung(true))?.near).toBeLessThan(0.2);
  expect(motionCues(flung(false))?.near).toBeGreaterThan(0.25);
});

test('where in the picture a patch was cut out does not matter', () => {
  const elsewhere = (index: number): MovingFace => {
    const face = still(index);
    // As when a face walks through the picture, and the square with it.
    const [x, y] = [300 + 40 * index, 200 - 15 * index];
    const landmarks = face.landmarks.map((value, at) => value * 3 + (at % 2 === 0 ? x : y));
    return { ...face, square: { x, y, width: 336, height: 336 }, landmarks };
  };
  const [here, there] = [motionCues(film(still)), motionCues(film(elsewhere))];
  expect(there?.wide).toBeCloseTo(here?.wide ?? Number.NaN, 3);
  expect(there?.near).toBeCloseTo(here?.near ?? Number.NaN, 3);
});

test('one frame that is quite different does not outvote the others', () => {
  const frames = film(still);
  const usual = motionCues(frames);
  frames[4] = { ...filmedFace(crop), patch: faceView(crop).reverse() };
  expect(Math.abs((motionCues(frames)?.near ?? Number.NaN) - (usual?.near ?? 0))).toBeLessThan(0.05);
});

test('null where there is nothing to compare', () => {
  expect(motionCues([filmedFace(crop)])).toBeNull();
  expect(motionCues([])).toBeNull();
});

test('landmarks that err do not make a still move', () => {
  const jumping = film((index) => {
    const face = filmedFace(crop);
    return index % 2 === 0 ? face : { ...face, landmarks: face.landmarks.map((value) => value + 300) };
  });
  const cues = motionCues(jumping);
  expect(cues?.near).toBeLessThan(0.01);
  expect(cues?.wideSheet).toBeLessThan(0.01);
});

test('what was compared before is not compared again, and comes to the same', () => {
  const faces = film(speaking);
  const comparer = new FaceComparer();
  const done = new Map<string, PairMotion | null>();
  const keyOf = ({ first, second, mayBend }: Comparison) => `${first} ${second} ${mayBend}`;
  for (const comparison of comparisonsOf(COUNT)) {
    const [first, second] = [faces[comparison.first], faces[comparison.second]];
    if (first && second) done.set(keyOf(comparison), comparer.compare(first, second, comparison.mayBend));
  }
  const asked: string[] = [];
  const known = (comparison: Comparison) => {
    asked.push(keyOf(comparison));
    return done.get(keyOf(comparison));
  };
  expect(motionCues(faces, known)).toEqual(motionCues(faces));
  expect(asked.toSorted()).toEqual([...done.keys()].toSorted());
});
