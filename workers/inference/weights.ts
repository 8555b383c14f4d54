import type { WeightKey } from '#models/manifest.ts';
import textureRecapture from '#models/trained/texture-recapture.onnx';
import faceDetector from '#models/weights/face-detector.onnx';
import faceLandmarks from '#models/weights/face-landmarks.onnx';
import textureLiveness from '#models/weights/texture-liveness.onnx';

/** The weights that this Worker carries, as `models/manifest.json` assigns them to it. */
export const WEIGHTS = {
  'face-detector': faceDetector,
  'texture-liveness': textureLiveness,
  'texture-recapture': textureRecapture,
  'face-landmarks': faceLandmarks,
} as const satisfies Partial<Record<WeightKey, ArrayBuffer>>;

export type LoadedKey = keyof typeof WEIGHTS;
