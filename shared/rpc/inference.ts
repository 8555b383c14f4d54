import type { ModelId } from '#models/registry.ts';

/**
 * What the gateway may ask of the inference Worker. Encoded pictures go in, small records come back, and a verdict is made
 * of records alone: no picture is kept by either side. Every answer is a result, for errors do not cross RPC whole. Work that
 * is come to after `deadlineAtMs` is not begun: whoever asked for it has given up, and asks again.
 */
export interface InferenceService {
  /** Names of the weights that this isolate has turned into a running session (keys of `models/manifest.json`). */
  loadedWeights(): Promise<InferenceHealth>;
  /** Decodes and analyses pictures one after the other, in the order given. */
  analyseFrames(request: AnalyseRequest, deadlineAtMs?: number): Promise<AnalyseResult>;
  /** What moved between faces, pair by pair: the costly half of a judgement, for whoever has it done as frames arrive. */
  compareFaces(request: CompareRequest, deadlineAtMs?: number): Promise<CompareResult>;
  /** The verdict on the records of one check, in the order in which the frames were taken. */
  judge(request: JudgeRequest, deadlineAtMs?: number): Promise<JudgeResult>;
  /** Whether single pictures were taken of a live face, each judged by itself: there is no time in them to read. */
  checkStills(request: StillsRequest, deadlineAtMs?: number): Promise<StillsResult>;
}

export type InferenceHealth = { ok: true; weights: string[] } | { ok: false; reason: string };

/** A whole picture of a camera, or the 224x224 crop of 3 x the face that clients may make themselves. */
export type PictureKind = 'frame' | 'crop';

export const PATCH_SIDE = 112;

export interface AnalyseRequest {
  kind: PictureKind;
  pictures: (EncodedPicture | DecodedPicture)[];
  /** The face of the picture before the first of these; null when it had none. It saves the detector where nothing moved. */
  previousFace: FaceEvidence | null;
}

export interface EncodedPicture {
  /** The n-th picture of its check, from 0 on: the costly models look at every picture of a short check, at some of a long one. */
  ordinal: number;
  /** PNG, JPEG or WebP, as it came. */
  bytes: Uint8Array;
}

/** A frame of a video, which is decoded where it lies. */
export interface DecodedPicture {
  /** null: of no interest but for how it moves. */
  ordinal: number | null;
  width: number;
  height: number;
  /** RGBA, rows from the top. */
  bytes: Uint8Array;
}

export type AnalyseResult = { ok: true; outcomes: PictureOutcome[] } | { ok: false; reason: string };

export type PictureOutcome = { ok: true; evidence: FrameEvidence } | { ok: false; problem: PictureProblem };

/** Why a picture gave no evidence. Found before decoding, except `damaged`. */
export type PictureProblem = 'not_a_picture' | 'damaged' | 'too_large' | 'too_small' | 'wrong_size';

/** In pixels of the picture. */
export interface FaceBox {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** What one frame says. Small enough to be buffered (under 16 KB), and no picture that a person could be told by. */
export interface FrameEvidence {
  version: 1;
  kind: PictureKind;
  /** Of the picture as it came. */
  width: number;
  height: number;
  face: FaceEvidence | null;
}

export interface FaceEvidence {
  box: FaceBox;
  /** What the patch shows of the picture. */
  square: FaceBox;
  /** Of the detector, 0 to 1. */
  confidence: number;
  /** Faces that the detector sees, this one included. */
  faceCount: number;
  quality: FrameQuality;
  /** Log-odds for a live face by the texture model, one per view of the face; null where the sampling leaves the frame out. */
  textureMargins: ViewMargins;
  /**
   * The same by the network that was trained on recaptures. A record that a stream has buffered since before there was one
   * lacks it: models that weigh it then have no texture evidence, which counts as the attack.
   */
  recaptureMargins?: ViewMargins;
  /** 68 points, x and y in turn, in pixels of the picture. */
  landmarks: Float32Array;
  /** Mean red, green and blue, 0 to 255, of forehead, left and right cheek: nine numbers. */
  skin: Float32Array;
  /** The square of 3 x the face in grey, PATCH_SIDE x PATCH_SIDE: what is compared. Empty where that was done. */
  patch: Uint8Array<ArrayBuffer>;
  /** SHA-256 of the patch, its first 16 bytes in hex: a picture that was sent twice, in whatever file format without loss. */
  contentHash: string;
}

export interface ViewMargins {
  square: number | null;
  whole: number | null;
}

export interface FrameQuality {
  /** Larger side of the face by the side of a crop: a crop as asked for has about a third. */
  faceShare: number;
  /** Larger side of the face in pixels. */
  faceSizePixels: number;
  /** Mean luminance of the face, 0 to 255, and the share of it that is clipped to black or white. */
  brightness: number;
  clippedShare: number;
  /** Right half of the face against left, as a ratio of the darker to the brighter. */
  lightBalance: number;
  /** Standard deviation of the Laplacian over the face at a fixed size: low when blurred. */
  sharpness: number;
}

/** What is compared of a face. */
export type MovingFace = Pick<FaceEvidence, 'patch' | 'square' | 'landmarks'>;

export interface CompareRequest {
  pairs: { first: MovingFace; second: MovingFace; mayBend: boolean }[];
}

export type CompareResult = { ok: true; motions: (PairMotion | null)[] } | { ok: false; reason: string };

/** Root mean square, in pixels of the patch, of the motion left between two faces. Blocks with texture count more. */
export interface PairMotion {
  /** That no plane explains. */
  beyondPlane: number;
  /** What is left when a gently bent sheet may explain some of it, too. */
  beyondSheet: number;
}

/** A comparison that is done already, by the places of its frames in `evidence`; null where they cannot be compared. */
export interface KnownMotion {
  first: number;
  second: number;
  mayBend: boolean;
  motion: PairMotion | null;
}

export interface JudgeRequest {
  model: ModelId;
  evidence: FrameEvidence[];
  /** What is missing is compared now, so that the judgement is the same with them and without. */
  motions?: KnownMotion[];
  /**
   * Frames taken close to one another, where `evidence` lies too far apart to show how a face moves from one to the next: then
   * what is read from time is read from these. Empty where `evidence` will do.
   */
  run?: FrameEvidence[];
  /** Frames a second, of the run if there is one. As the client states them; null when it does not. */
  fps: number | null;
}

export type JudgeResult = { ok: true; judgement: Judgement } | { ok: false; reason: string };

export interface Judgement {
  /** The probability that a live person is seen. The public threshold is 0.65. */
  realScore: number;
  /** The probability by texture alone; null when nothing could be weighed. */
  visualScore: number | null;
  /** Whether the frames were enough to look for a pulse in. */
  pulseWasRead: boolean;
  /** What is wrong with the recording, for the integrator; null when nothing is. */
  warning: string | null;
  diagnostics: CueReading[];
}

/** One cue behind the verdict, for a person who wants to know why. */
export interface CueReading {
  cue: string;
  value: number;
  speaksFor: 'live' | 'fake' | 'neither';
  /** What the person in front of the camera can do about it; null when there is nothing to do. */
  advice: string | null;
}

export interface StillsRequest {
  /** PNG, JPEG or WebP, as they came. */
  pictures: Uint8Array[];
}

/** One outcome for each picture, in order. A fault of ours fails them all. */
export type StillsResult = { ok: true; stills: StillOutcome[] } | { ok: false; reason: string };

export type StillOutcome =
  | {
      ok: true;
      /** The probability that the camera had a live face before it, 0 to 1. The public threshold is 0.65. */
      realScore: number;
      /** What the person in front of the camera can do about it; null when there is nothing to do. */
      advice: string | null;
      /** Whose face that is, in pixels of the upright picture. */
      box: FaceBox;
    }
  | { ok: false; problem: PictureProblem | 'no_face' };
