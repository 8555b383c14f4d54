/**
 * The networks as functions of plain arrays, so that the analysis runs in workerd, in Node and in tests alike.
 * What each wants to be fed is in `models/README.md`.
 */
export interface Networks {
  /** 3 x 240 x 320, red plane first, (value - 127) / 128. */
  detectFaces(input: Float32Array): Promise<{ scores: Float32Array; boxes: Float32Array }>;
  /** 3 x 128 x 128, BLUE plane first, 0 to 255. */
  judgeTexture(input: Float32Array): Promise<TextureJudgement>;
  /** 64 x 64 grey, value / 256. 68 points, x and y in turn, 0 to 1. */
  findLandmarks(input: Float32Array): Promise<Float32Array>;
}

/** Of one view, by two networks that share their first layers: asking for both costs hardly more than asking for one. */
export interface TextureJudgement {
  /** Of the general model: three logits, the first of them for a live face. */
  liveness: Float32Array;
  /** Of our own, trained on recaptures: log-odds for a live face. */
  recapture: number;
}
