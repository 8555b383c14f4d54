import { PATCH_SIDE } from '#shared/rpc/inference.ts';
import type { RgbaPicture } from '../picture/rgba-picture.ts';

const HASH_BYTES = 16;

/** The crop at half its size in grey, each pixel the mean of four. */
export function greyPatch({ width, data }: RgbaPicture): Uint8Array<ArrayBuffer> {
  const patch = new Uint8Array(PATCH_SIDE * PATCH_SIDE);
  const row = width * 4;
  for (let y = 0; y < PATCH_SIDE; y++) {
    let at = 2 * y * row;
    for (let x = 0; x < PATCH_SIDE; x++, at += 8) {
      const red = (data[at] ?? 0) + (data[at + 4] ?? 0) + (data[at + row] ?? 0) + (data[at + row + 4] ?? 0);
      const green = (data[at + 1] ?? 0) + (data[at + 5] ?? 0) + (data[at + row + 1] ?? 0) + (data[at + row + 5] ?? 0);
      const blue = (data[at + 2] ?? 0) + (data[at + 6] ?? 0) + (data[at + row + 2] ?? 0) + (data[at + row + 6] ?? 0);
      patch[y * PATCH_SIDE + x] = Math.round((0.299 * red + 0.587 * green + 0.114 * blue) / 4);
    }
  }
  return patch;
}

/** What a frame that is sent twice is known by. */
export async function contentHash(patch: Uint8Array<ArrayBuffer>): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', patch));
  return Array.from(digest.subarray(0, HASH_BYTES), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
