import type { WeightKey } from '#models/manifest.ts';
import faceDetector from '#models/weights/face-detector.onnx';
import faceEmbedding from '#models/weights/face-embedding.onnx';
import faceLandmarks from '#models/weights/face-landmarks.onnx';

/** The weights that this Worker carries, as `models/manifest.json` assigns them to it. */
export const WEIGHTS = {
  'face-detector': faceDetector,
  'face-landmarks': faceLandmarks,
  'face-embedding': faceEmbedding,
} as const satisfies Partial<Record<WeightKey, ArrayBuffer>>;

export type LoadedKey = keyof typeof WEIGHTS;
