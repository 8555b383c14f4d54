import { type Box, centreOf } from '../../inference/frame/box.ts';
import { type DetectedFace, detectFaces } from '../../inference/frame/detect-faces.ts';
import { resample, toRgba } from '../../inference/frame/resample.ts';
import type { RgbaPicture } from '../../inference/picture/rgba-picture.ts';
import type { FaceNetworks } from './face-networks.ts';
import { MEANT_OFF_CENTRE_COST, prominence } from './prominence.ts';

export type Framing = 'whole' | 'crop';

/**
 * How much of what the detector is shown is picture, tried in turn until there is a face; the rest is grey. It was trained on
 * faces with something round them. A picture without a face costs every try, and that is all it costs.
 */
const SHARES: Record<Framing, readonly number[]> = { whole: [1, 0.6], crop: [0.6, 0.4, 1] };
const SEEN = { width: 320, height: 240 };
const GREY = [127, 127, 127, 255];
/** A crowd, or a picture made to keep us busy: whoever comes after these is a speck. */
const MOST_FACES = 64;

/** Every face, the largest and most central first: that one is the subject. */
export async function findFaces(
  picture: RgbaPicture,
  framing: Framing,
  networks: Pick<FaceNetworks, 'detectFaces'>,
): Promise<DetectedFace[]> {
  const bounds = boundsOf(picture);
  for (const share of SHARES[framing]) {
    const found = share === 1 ? await detectFaces(picture, bounds, networks) : await detect(picture, share, networks);
    // One whose middle lies in the border that we painted is none.
    const faces = found.filter(({ box }) => holds(bounds, box));
    if (faces.length > 0) return byProminence(faces, bounds).slice(0, MOST_FACES);
  }
  return [];
}

export function boundsOf({ width, height }: { width: number; height: number }): Box {
  return { x: 0, y: 0, width, height };
}

function byProminence(faces: readonly DetectedFace[], bounds: Box): DetectedFace[] {
  const worth = ({ box }: DetectedFace) => prominence(box, bounds, MEANT_OFF_CENTRE_COST);
  return faces.toSorted((a, b) => worth(b) - worth(a));
}

async function detect(
  picture: RgbaPicture,
  share: number,
  networks: Pick<FaceNetworks, 'detectFaces'>,
): Promise<DetectedFace[]> {
  const scale = share * Math.min(SEEN.width / picture.width, SEEN.height / picture.height);
  const size = { width: Math.ceil(picture.width * scale), height: Math.ceil(picture.height * scale) };
  const left = Math.floor((SEEN.width - size.width) / 2);
  const top = Math.floor((SEEN.height - size.height) / 2);
  const small = toRgba(resample(picture, boundsOf(picture), boundsOf(picture), size, true));
  const faces = await detectFaces(onGrey(small, left, top), boundsOf(SEEN), networks);
  const across = picture.width / size.width;
  const down = picture.height / size.height;
  return faces.map(({ box, confidence }) => ({
    confidence,
    box: {
      x: (box.x - left) * across,
      y: (box.y - top) * down,
      width: box.width * across,
      height: box.height * down,
    },
  }));
}

function onGrey({ width, height, data }: RgbaPicture, left: number, top: number): RgbaPicture {
  const canvas = new Uint8Array(SEEN.width * SEEN.height * 4);
  for (let at = 0; at < canvas.length; at += 4) canvas.set(GREY, at);
  for (let y = 0; y < height; y++) {
    canvas.set(data.subarray(y * width * 4, (y + 1) * width * 4), ((top + y) * SEEN.width + left) * 4);
  }
  return { ...SEEN, data: canvas };
}

function holds(bounds: Box, box: Box): boolean {
  const { x, y } = centreOf(box);
  return x >= bounds.x && y >= bounds.y && x <= bounds.x + bounds.width && y <= bounds.y + bounds.height;
}
