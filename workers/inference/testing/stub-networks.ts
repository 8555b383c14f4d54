import type { Networks } from '../frame/networks.ts';

/** Confidence, then left, top, right and bottom as shares of what the detector is shown. */
export type SeenFace = readonly [number, number, number, number, number];

/** The detector's answer when it sees these. */
export function detectorOutput(faces: readonly SeenFace[]): { scores: Float32Array; boxes: Float32Array } {
  return {
    scores: Float32Array.from(faces.flatMap(([confidence]) => [1 - confidence, confidence])),
    boxes: Float32Array.from(faces.flatMap(([, ...corners]) => corners)),
  };
}

export const FACE_IN_THE_MIDDLE: SeenFace = [0.9, 0.35, 0.35, 0.65, 0.65];

/** Networks that find one face in the middle, call it live, and put every landmark into its middle. */
export const STUB_NETWORKS: Networks = {
  detectFaces: async () => detectorOutput([FACE_IN_THE_MIDDLE]),
  judgeTexture: async () => ({ liveness: Float32Array.of(1, 0, 0), recapture: 1 }),
  findLandmarks: async () => new Float32Array(136).fill(0.5),
};
