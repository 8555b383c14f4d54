import type { RgbaPicture } from '../picture/rgba-picture.ts';
import { type Box, intersectionOverUnion } from './box.ts';
import type { Networks } from './networks.ts';
import { resample } from './resample.ts';

export interface DetectedFace {
  box: Box;
  confidence: number;
}

const INPUT = { width: 320, height: 240 };
const LEAST_CONFIDENCE = 0.6;
const SAME_FACE_OVERLAP = 0.3;

/** Every face in `region`, the surest first. */
export async function detectFaces(
  picture: RgbaPicture,
  region: Box,
  networks: Pick<Networks, 'detectFaces'>,
): Promise<DetectedFace[]> {
  const seen = withAspectOfInput(region);
  const image = resample(picture, seen, region, INPUT, false);
  const planes = new Float32Array(3 * INPUT.width * INPUT.height);
  const plane = INPUT.width * INPUT.height;
  for (let pixel = 0; pixel < plane; pixel++) {
    for (let channel = 0; channel < 3; channel++) {
      planes[channel * plane + pixel] = ((image.data[pixel * 3 + channel] ?? 0) - 127) / 128;
    }
  }
  const { scores, boxes } = await networks.detectFaces(planes);
  return withoutRepeats(candidatesOf(scores, boxes, seen));
}

/**
 * The network was trained on frames that are wider than high, scaled to its input. An upright phone frame scaled like that
 * would flatten the face to half its height, so what is too narrow is seen with room on both sides.
 */
function withAspectOfInput(region: Box): Box {
  const width = Math.max(region.width, region.height);
  return { ...region, x: region.x - (width - region.width) / 2, width };
}

function candidatesOf(scores: Float32Array, boxes: Float32Array, seen: Box): DetectedFace[] {
  const faces: DetectedFace[] = [];
  for (let i = 0; i < scores.length / 2; i++) {
    const confidence = scores[i * 2 + 1] ?? 0;
    if (!(confidence >= LEAST_CONFIDENCE)) continue;
    const [left = 0, top = 0, right = 0, bottom = 0] = boxes.subarray(i * 4, i * 4 + 4);
    const box = {
      x: seen.x + left * seen.width,
      y: seen.y + top * seen.height,
      width: (right - left) * seen.width,
      height: (bottom - top) * seen.height,
    };
    if (box.width > 0 && box.height > 0) faces.push({ box, confidence });
  }
  return faces;
}

/** Non-maximum suppression: of boxes that overlap, the surest stays. */
function withoutRepeats(candidates: DetectedFace[]): DetectedFace[] {
  const kept: DetectedFace[] = [];
  for (const face of candidates.sort((a, b) => b.confidence - a.confidence)) {
    if (kept.every(({ box }) => intersectionOverUnion(box, face.box) < SAME_FACE_OVERLAP)) kept.push(face);
  }
  return kept;
}
