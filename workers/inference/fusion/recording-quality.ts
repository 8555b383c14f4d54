import type { FaceEvidence, FrameEvidence } from '#shared/rpc/inference.ts';
import { median } from '../temporal/statistics.ts';

/** How the person was filmed, over the whole recording: medians, so that one bad frame says nothing. */
export interface RecordingQuality {
  faceShare: number;
  faceSizePixels: number;
  faceCount: number;
  brightness: number;
  clippedShare: number;
  lightBalance: number;
  sharpness: number;
}

/** null when there is no face at all. */
export function recordingQuality(frames: readonly FrameEvidence[]): RecordingQuality | null {
  const faces = frames.flatMap(({ face }) => face ?? []);
  if (faces.length === 0) return null;
  const typical = (value: (face: FaceEvidence) => number) => median(faces.map(value));
  return {
    faceShare: typical(({ quality }) => quality.faceShare),
    faceSizePixels: typical(({ quality }) => quality.faceSizePixels),
    faceCount: typical(({ faceCount }) => faceCount),
    brightness: typical(({ quality }) => quality.brightness),
    clippedShare: typical(({ quality }) => quality.clippedShare),
    lightBalance: typical(({ quality }) => quality.lightBalance),
    sharpness: typical(({ quality }) => quality.sharpness),
  };
}
