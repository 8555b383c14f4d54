import type { DecodedPicture, PictureKind } from '#shared/rpc/inference.ts';
import type { DecodeResult } from './create-picture-decoder.ts';
import { sizeProblem } from './probe.ts';

/** Pixels that come as such, held against the same limits as what is decoded here. */
export function acceptDecoded({ width, height, bytes }: DecodedPicture, kind: PictureKind): DecodeResult {
  const problem = sizeProblem({ width, height }, kind);
  if (problem !== null) return { ok: false, problem };
  if (bytes.length !== width * height * 4) return { ok: false, problem: 'damaged' };
  return { ok: true, picture: { width, height, data: bytes } };
}
