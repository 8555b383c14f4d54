import { canBeTrusted } from '../../workers/inference/still/judge-still.ts';
import type { MeasuringNetworks } from './fold-networks.ts';
import { type PictureSample, pictureSamples } from './picture-samples.ts';
import type { LabelledClip } from './read-manifest.ts';
import type { Sample } from './samples.ts';

/**
 * Single pictures as the texture side of a model would see a recording of one frame. Those that the rules of single pictures
 * refuse are left out: of a face that fills the view, or is small or dark, texture says too little to fit on.
 */
export async function pictureEvidence(row: LabelledClip, { networks }: MeasuringNetworks): Promise<Sample[]> {
  return (await pictureSamples(row, networks)).flatMap((picture) => sampleOf(picture) ?? []);
}

function sampleOf({ file, label, source, face }: PictureSample): Sample | null {
  if (face === null || !canBeTrusted(face)) return null;
  const meanOf = (margins: { square: number | null; whole: number | null } | undefined) =>
    margins === undefined || margins.square === null || margins.whole === null
      ? null
      : (margins.square + margins.whole) / 2;
  const texture = { textureMargin: meanOf(face.textureMargins), recaptureMargin: meanOf(face.recaptureMargins) };
  const nothing = { textureSpread: 0, motion: null, landmarks: null, pulse: null };
  const evidence = { frameCount: 1, faceShare: 1, distinctShare: 1, ...texture, ...nothing };
  return { file, source, label, kind: 'frame', frameCount: 1, fps: 0, evidence };
}
