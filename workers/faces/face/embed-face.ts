import type { RgbImage } from '../../inference/frame/resample.ts';
import type { FaceNetworks } from './face-networks.ts';

export type EmbeddingKind = 'single' | 'flipped';

/** What an aligned face looks like, as a vector of length 1. `flipped` adds the mirror image, at twice the time. */
export async function embedFace(
  face: RgbImage,
  kind: EmbeddingKind,
  networks: Pick<FaceNetworks, 'embedFace'>,
): Promise<Float32Array<ArrayBuffer>> {
  const seen = await networks.embedFace(planesOf(face, false));
  if (kind === 'single') return normalised(seen);
  const mirrored = await networks.embedFace(planesOf(face, true));
  // As they come, not each of length 1: of two sides the one that shows more of the face counts for more.
  return normalised(seen.map((value, i) => value + (mirrored[i] ?? 0)));
}

function planesOf({ width, height, data }: RgbImage, mirrored: boolean): Float32Array {
  const plane = width * height;
  const planes = new Float32Array(3 * plane);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const from = (y * width + (mirrored ? width - 1 - x : x)) * 3;
      const to = y * width + x;
      planes[to] = ((data[from + 2] ?? 0) - 127) / 128;
      planes[plane + to] = ((data[from + 1] ?? 0) - 127) / 128;
      planes[2 * plane + to] = ((data[from] ?? 0) - 127) / 128;
    }
  }
  return planes;
}

/** Throws where there is no direction: no face may be like another for want of an answer. */
function normalised(values: Float32Array): Float32Array<ArrayBuffer> {
  const length = Math.hypot(...values);
  if (!(length > 0)) throw new Error('the embedding has no direction');
  return Float32Array.from(values, (value) => value / length);
}
