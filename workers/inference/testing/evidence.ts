import { type FaceEvidence, type FrameEvidence, PATCH_SIDE } from '#shared/rpc/inference.ts';

/** A well filmed face in the middle of a crop; what a test is about it names itself. */
export function faceEvidence(different: Partial<FaceEvidence> = {}): FaceEvidence {
  return {
    box: { x: 75, y: 75, width: 60, height: 75 },
    square: { x: 0, y: 0, width: 224, height: 224 },
    confidence: 0.99,
    faceCount: 1,
    quality: {
      faceShare: 0.33,
      faceSizePixels: 75,
      brightness: 120,
      clippedShare: 0,
      lightBalance: 0.9,
      sharpness: 10,
    },
    textureMargins: { square: null, whole: null },
    recaptureMargins: { square: null, whole: null },
    landmarks: new Float32Array(136),
    skin: new Float32Array(9),
    patch: new Uint8Array(PATCH_SIDE * PATCH_SIDE),
    contentHash: 'equal',
    ...different,
  };
}

export function frameOf(face: FaceEvidence | null, kind: FrameEvidence['kind'] = 'crop'): FrameEvidence {
  return { version: 1, kind, width: 224, height: 224, face };
}
