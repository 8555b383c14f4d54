import sharp from 'sharp';
import { FastCheckCropsBody } from '#shared/contract/checks.ts';
import { nativeNetworks } from '../../../../scripts/native/native-networks.ts';
import { centreOf } from '../../../inference/frame/box.ts';
import { detectFaces } from '../../../inference/frame/detect-faces.ts';

const WHOLE = { x: 0, y: 0, width: 224, height: 224 };

export interface SeenCrop {
  format: string | undefined;
  size: [number, number];
  /** The middle of each face that the networks of the service find in it. */
  faces: { x: number; y: number }[];
}

/** What the service would see in the crops of a request. */
export async function cropsOf(body: string): Promise<SeenCrop[]> {
  const { crops } = FastCheckCropsBody.parse(JSON.parse(body));
  const networks = await nativeNetworks();
  const seen: SeenCrop[] = [];
  for (const { pixels } of crops) {
    const bytes = Buffer.from(pixels, 'base64');
    const { format } = await sharp(bytes).metadata();
    const { data, info } = await sharp(bytes).ensureAlpha().raw().toBuffer({ resolveWithObject: true });
    const picture = { width: info.width, height: info.height, data: new Uint8Array(data) };
    const faces = await detectFaces(picture, WHOLE, networks);
    seen.push({ format, size: [info.width, info.height], faces: faces.map(({ box }) => centreOf(box)) });
  }
  return seen;
}
