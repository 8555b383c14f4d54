import type { FramePair } from '#shared/lib/frame-pairs.ts';
import { type Point, residualAfterHomography, residualAfterSimilarity } from './point-fit.ts';
import { quantile } from './statistics.ts';

const EYES = [
  [36, 37, 38, 39, 40, 41],
  [42, 43, 44, 45, 46, 47],
] as const;
const MOUTH = { left: 60, right: 64, upper: [61, 62, 63], lower: [67, 66, 65] } as const;
const CHIN = 8;
const BROWS = 27;

export interface LandmarkCues {
  /** How far the eyes closed at their narrowest, as a share of how open they usually were. */
  blinkDepth: number;
  /** Range of the opening of the mouth, as a share of its width. */
  mouthRange: number;
  /** Motion of points left after the best similarity, and after the best plane, in shares of the height of the face. */
  beyondSimilarity: number;
  beyondHomography: number;
  /**
   * How far the points are from where the frames before and after would have them, in shares of the height of the face:
   * typically, and in the worst tenth. A head has weight and moves smoothly; pictures that follow each other do not.
   */
  jerkTypical: number;
  jerkAtWorst: number;
}

export function landmarkCues(frames: readonly Float32Array[], pairs: readonly FramePair[]): LandmarkCues {
  const openings = frames.map(eyeOpening);
  const usual = quantile(openings, 0.5);
  const mouths = frames.map(mouthOpening);
  const similarity: number[] = [];
  const homography: number[] = [];
  for (const { first, second } of pairs) {
    const [a, b] = [frames[first], frames[second]];
    if (!a || !b) continue;
    const height = faceHeight(a);
    similarity.push(residualAfterSimilarity(toPoints(a), toPoints(b)) / height);
    homography.push(residualAfterHomography(toPoints(a), toPoints(b)) / height);
  }
  return {
    blinkDepth: usual > 0 ? 1 - quantile(openings, 0) / usual : 0,
    mouthRange: quantile(mouths, 0.95) - quantile(mouths, 0.05),
    beyondSimilarity: quantile(similarity, 0.5),
    beyondHomography: quantile(homography, 0.5),
    ...jerks(frames),
  };
}

function jerks(frames: readonly Float32Array[]): Pick<LandmarkCues, 'jerkTypical' | 'jerkAtWorst'> {
  const values = frames.slice(2).map((after, i) => {
    const [before, now] = [frames[i], frames[i + 1]];
    if (!before || !now) return 0;
    let sum = 0;
    for (let k = 0; k < now.length; k++) sum += ((after[k] ?? 0) - 2 * (now[k] ?? 0) + (before[k] ?? 0)) ** 2;
    return Math.sqrt((2 * sum) / now.length) / faceHeight(now);
  });
  return { jerkTypical: quantile(values, 0.5), jerkAtWorst: quantile(values, 0.9) };
}

function eyeOpening(points: Float32Array): number {
  const openings = EYES.map(([outer, upperOuter, upperInner, inner, lowerInner, lowerOuter]) => {
    const height = distance(points, upperOuter, lowerOuter) + distance(points, upperInner, lowerInner);
    return height / (2 * Math.max(distance(points, outer, inner), 1e-6));
  });
  return openings.reduce((sum, value) => sum + value, 0) / openings.length;
}

function mouthOpening(points: Float32Array): number {
  const heights = MOUTH.upper.map((upper, i) => distance(points, upper, MOUTH.lower[i] ?? upper));
  const height = heights.reduce((sum, value) => sum + value, 0) / heights.length;
  return height / Math.max(distance(points, MOUTH.left, MOUTH.right), 1e-6);
}

function faceHeight(points: Float32Array): number {
  return Math.max(distance(points, CHIN, BROWS) * 1.5, 1e-6);
}

function distance(points: Float32Array, a: number, b: number): number {
  return Math.hypot((points[a * 2] ?? 0) - (points[b * 2] ?? 0), (points[a * 2 + 1] ?? 0) - (points[b * 2 + 1] ?? 0));
}

function toPoints(values: Float32Array): Point[] {
  return Array.from({ length: values.length / 2 }, (_, i) => ({ x: values[i * 2] ?? 0, y: values[i * 2 + 1] ?? 0 }));
}
