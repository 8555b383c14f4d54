import sharp from 'sharp';
import type { RgbaPicture } from '../../workers/inference/picture/rgba-picture.ts';
import { isClip, type LabelledClip } from '../calibrate/read-manifest.ts';
import { clipFrames } from '../native/clip-frames.ts';

/** As a client is told to record. */
const FRAMES_A_SECOND = 10;
const SECONDS = 12;

export interface ManifestPicture {
  picture: RgbaPicture;
  seconds: number;
}

/** The frames of a clip, or the one picture that a row names. */
export async function* picturesOf(row: LabelledClip): AsyncGenerator<ManifestPicture> {
  if (!isClip(row)) {
    yield { picture: await readPicture(row.path), seconds: 0 };
    return;
  }
  let count = 0;
  for await (const picture of clipFrames(row.path, { fps: FRAMES_A_SECOND, seconds: SECONDS })) {
    yield { picture, seconds: count++ / FRAMES_A_SECOND };
  }
}

/** As the Worker decodes it: turned as its EXIF orientation says. */
async function readPicture(path: string): Promise<RgbaPicture> {
  const decoding = sharp(path).rotate().ensureAlpha().raw();
  const { data, info } = await decoding.toBuffer({ resolveWithObject: true });
  return { width: info.width, height: info.height, data: new Uint8Array(data) };
}
