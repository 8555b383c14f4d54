import type { PictureKind, PictureProblem } from '#shared/rpc/inference.ts';
import type { PictureCodecs } from './picture-codecs.ts';
import type { PictureHeader } from './picture-header.ts';
import { probe } from './probe.ts';
import type { RgbaPicture } from './rgba-picture.ts';

export type DecodeResult = { ok: true; picture: RgbaPicture } | { ok: false; problem: PictureProblem };
export type DecodePicture = (bytes: Uint8Array, kind: PictureKind) => Promise<DecodeResult>;

/**
 * Decoding as one function that never throws: what the probe lets through and a codec cannot decode is `damaged`. So is a
 * picture that comes out in another size than was probed, for the limits were held against the header.
 */
export function createPictureDecoder(codecs: PictureCodecs): DecodePicture {
  return async (bytes, kind) => {
    try {
      const probed = probe(bytes, kind);
      if (!probed.ok) return probed;
      const picture = await decode(codecs, bytes, probed.header);
      return isAsPromised(picture, probed.header) ? { ok: true, picture } : { ok: false, problem: 'damaged' };
    } catch {
      return { ok: false, problem: 'damaged' };
    }
  };
}

async function decode(codecs: PictureCodecs, bytes: Uint8Array, header: PictureHeader): Promise<RgbaPicture> {
  if (header.format === 'png') return await codecs.png(bytes, header);
  if (header.format === 'jpeg') return await codecs.jpeg(bytes, header);
  return await codecs.webp(bytes, header);
}

function isAsPromised({ width, height, data }: RgbaPicture, header: PictureHeader): boolean {
  if (data.length !== width * height * 4) return false;
  if (width === header.width && height === header.height) return true;
  // A phone held upright: the codec has turned the picture as its EXIF orientation says.
  return header.format === 'jpeg' && width === header.height && height === header.width;
}
