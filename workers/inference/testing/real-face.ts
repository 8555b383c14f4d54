import sharp from 'sharp';
import { REAL_FACE_CROP } from '#shared/testing/real-face-crop.ts';
import type { RgbaPicture } from '../picture/rgba-picture.ts';

export async function realFaceCrop(): Promise<RgbaPicture> {
  return await decodedBySharp(Buffer.from(REAL_FACE_CROP, 'base64'));
}

/** A path, or the bytes themselves. */
export async function decodedBySharp(encoded: string | Buffer): Promise<RgbaPicture> {
  const { data, info } = await sharp(encoded).ensureAlpha().raw().toBuffer({ resolveWithObject: true });
  return { width: info.width, height: info.height, data: new Uint8Array(data) };
}
