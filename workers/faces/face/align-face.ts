import type { RgbImage } from '../../inference/frame/resample.ts';
import type { RgbaPicture } from '../../inference/picture/rgba-picture.ts';
import type { FivePoints } from './five-points.ts';
import { fitSimilarity } from './similarity.ts';

export const ALIGNED_SIDE = 112;
/** Where the embedding network expects the five points: the template of ArcFace, with which it was trained. */
export const TEMPLATE: FivePoints = [
  [38.2946, 51.6963],
  [73.5318, 51.5014],
  [56.0252, 71.7366],
  [41.5493, 92.3655],
  [70.7299, 92.2041],
];
/** A face of 2,000 pixels has 18 of them for one here; eight across are as good. */
const MOST_SAMPLES_ACROSS = 8;

/**
 * The face turned upright and scaled so that its points lie on the template. Beyond the picture its edge is continued. Where
 * several pixels fall into one they are averaged: leaving some out makes noise that changes who somebody looks like.
 */
export function alignFace(picture: RgbaPicture, points: FivePoints): RgbImage {
  const { a, b, tx, ty } = fitSimilarity(TEMPLATE, points);
  const across = Math.min(MOST_SAMPLES_ACROSS, Math.max(1, Math.ceil(Math.hypot(a, b))));
  const data = new Float32Array(ALIGNED_SIDE * ALIGNED_SIDE * 3);
  const weight = 1 / (across * across);
  for (let sample = 0; sample < across * across; sample++) {
    const right = ((sample % across) + 0.5) / across - 0.5;
    const down = (Math.floor(sample / across) + 0.5) / across - 0.5;
    for (let y = 0; y < ALIGNED_SIDE; y++) {
      for (let x = 0; x < ALIGNED_SIDE; x++) {
        const u = x + right;
        const v = y + down;
        addPixel(picture, a * u - b * v + tx, b * u + a * v + ty, weight, data, (y * ALIGNED_SIDE + x) * 3);
      }
    }
  }
  return { width: ALIGNED_SIDE, height: ALIGNED_SIDE, data };
}

/** What lies at a place between four pixels, times `weight`. */
function addPixel(picture: RgbaPicture, x: number, y: number, weight: number, into: Float32Array, at: number): void {
  const { width, height, data } = picture;
  const clampedX = Math.min(Math.max(x, 0), width - 1);
  const clampedY = Math.min(Math.max(y, 0), height - 1);
  const left = Math.floor(clampedX);
  const top = Math.floor(clampedY);
  const shareX = clampedX - left;
  const shareY = clampedY - top;
  const first = (top * width + left) * 4;
  const nextX = left + 1 < width ? 4 : 0;
  const nextY = top + 1 < height ? width * 4 : 0;
  for (let channel = 0; channel < 3; channel++) {
    const corner = first + channel;
    const upper = (data[corner] ?? 0) * (1 - shareX) + (data[corner + nextX] ?? 0) * shareX;
    const lower = (data[corner + nextY] ?? 0) * (1 - shareX) + (data[corner + nextY + nextX] ?? 0) * shareX;
    into[at + channel] = (into[at + channel] ?? 0) + weight * (upper * (1 - shareY) + lower * shareY);
  }
}
