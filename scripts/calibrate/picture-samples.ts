import sharp from 'sharp';
import type { FaceEvidence } from '../../shared/rpc/inference.ts';
import { analyseFrame } from '../../workers/inference/frame/analyse-frame.ts';
import type { Networks } from '../../workers/inference/frame/networks.ts';
import type { RgbaPicture } from '../../workers/inference/picture/rgba-picture.ts';
import { EVERY_VIEW } from '../../workers/inference/still/every-view.ts';
import { clipFrames } from '../native/clip-frames.ts';
import { isClip, type LabelledClip } from './read-manifest.ts';

const IMAGE = 'image:';
/** Of a clip: a frame a second, for neighbours say the same. */
const FRAMES_A_SECOND = 1;
const SECONDS = 12;

/** A single picture as the inference Worker would see it. `face` is null where it finds none. */
export interface PictureSample {
  file: string;
  /** `live`, or what kind of attack. */
  label: string;
  source: string;
  /** Whether it is a frame of a clip. */
  isFrame: boolean;
  face: FaceEvidence | null;
}

/** What a row of the manifest gives: one picture, frames of a clip, or nothing where it is neither. */
export async function pictureSamples(row: LabelledClip, networks: Networks): Promise<PictureSample[]> {
  const samples: PictureSample[] = [];
  for await (const picture of picturesOf(row)) {
    const { face } = await analyseFrame({ picture, kind: 'frame', sampling: EVERY_VIEW, previousFace: null }, networks);
    const label = row.label.replace(IMAGE, '');
    samples.push({ file: row.file, label, source: row.source, isFrame: isClip(row), face });
  }
  return samples;
}

async function* picturesOf(row: LabelledClip): AsyncGenerator<RgbaPicture> {
  if (isClip(row)) {
    yield* clipFrames(row.path, { fps: FRAMES_A_SECOND, seconds: SECONDS });
  } else if (row.label.startsWith(IMAGE)) {
    // As the Worker decodes it: turned as its EXIF orientation says.
    const decoding = sharp(row.path).rotate().ensureAlpha().raw();
    const { data, info } = await decoding.toBuffer({ resolveWithObject: true });
    yield { width: info.width, height: info.height, data: new Uint8Array(data) };
  }
}
