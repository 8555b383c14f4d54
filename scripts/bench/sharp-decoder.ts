import sharp from 'sharp';
import type { DecodePicture } from '../../workers/inference/picture/create-picture-decoder.ts';

/** What a Node service would decode with. */
export const sharpDecoder: DecodePicture = async (bytes) => {
  try {
    const { data, info } = await sharp(bytes).ensureAlpha().raw().toBuffer({ resolveWithObject: true });
    return { ok: true, picture: { width: info.width, height: info.height, data: new Uint8Array(data) } };
  } catch {
    return { ok: false, problem: 'damaged' };
  }
};
