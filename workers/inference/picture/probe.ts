import type { PictureKind, PictureProblem } from '#shared/rpc/inference.ts';
import type { PictureHeader, PictureSize } from './picture-header.ts';
import { CROP_SIDE_PIXELS, MAX_ENCODED_BYTES, MAX_PIXELS, MAX_SIDE_PIXELS, MIN_SIDE_PIXELS } from './picture-limits.ts';
import { isJpeg, readJpeg } from './read-jpeg.ts';
import { compressionIsCredible, isPng, readPng } from './read-png.ts';
import { isWebp, readWebp } from './read-webp.ts';

export type ProbeResult = { ok: true; header: PictureHeader } | { ok: false; problem: PictureProblem };

/**
 * What encoded bytes say about themselves, before anything is allocated for them. One pass over the file's structure:
 * bytes that lie about it are refused here, so that decoders see well-formed files of a permitted size only.
 */
export function probe(bytes: Uint8Array, kind: PictureKind): ProbeResult {
  if (bytes.length > MAX_ENCODED_BYTES) return { ok: false, problem: 'too_large' };
  const header = readHeader(bytes);
  if (typeof header === 'string') return { ok: false, problem: header };
  const problem = sizeProblem(header, kind);
  if (problem !== null) return { ok: false, problem };
  if (header.format === 'png' && !compressionIsCredible(header)) return { ok: false, problem: 'damaged' };
  return { ok: true, header };
}

function readHeader(bytes: Uint8Array): PictureHeader | PictureProblem {
  if (isPng(bytes)) return readPng(bytes);
  if (isJpeg(bytes)) return readJpeg(bytes);
  if (isWebp(bytes)) return readWebp(bytes);
  return 'not_a_picture';
}

/** Of a crop any other size is a wrong size, for there is one right size to name. */
export function sizeProblem({ width, height }: PictureSize, kind: PictureKind): PictureProblem | null {
  if (kind === 'crop') return width === CROP_SIDE_PIXELS && height === CROP_SIDE_PIXELS ? null : 'wrong_size';
  if (Math.max(width, height) > MAX_SIDE_PIXELS || width * height > MAX_PIXELS) return 'too_large';
  return Math.min(width, height) < MIN_SIDE_PIXELS ? 'too_small' : null;
}
