import type { FaceBox, FrameQuality, InferenceHealth, PictureProblem } from './inference.ts';

/**
 * What the gateway may ask of the face Worker. Encoded pictures go in; where the faces are, what the one in front of the camera
 * looks like as 512 numbers, and a thumbnail of it come back. No picture is kept. Every answer is a result, for errors do not
 * cross RPC whole. Work that is come to after `deadlineAtMs` is not begun: whoever asked for it has given up.
 */
export interface FacesService {
  /** Names of the weights that this isolate has turned into a running session (keys of `models/manifest.json`). */
  loadedWeights(): Promise<InferenceHealth>;
  /** Reads pictures one after the other, in the order given. */
  readFaces(request: ReadFacesRequest, deadlineAtMs?: number): Promise<ReadFacesResult>;
}

export const EMBEDDING_LENGTH = 512;

export interface ReadFacesRequest {
  /** PNG, JPEG or WebP, as they came. */
  pictures: Uint8Array[];
  /** A `crop` is little more than the face, which then may reach beyond it. */
  framing: 'whole' | 'crop';
  /** Of the subject: none, of one pass, or the mean of the face and its mirror image, at twice the time. */
  embedding: 'none' | 'single' | 'flipped';
  /** Of whom a small JPEG is wanted. */
  thumbnails: 'none' | 'subject' | 'all';
}

export type ReadFacesResult = { ok: true; outcomes: FacesOutcome[] } | { ok: false; reason: string };

/** Of one picture. One without a face is `ok`, with no faces. */
export type FacesOutcome =
  | {
      ok: true;
      /** Upright, as decoded. */
      width: number;
      height: number;
      /** The subject first, where there is one: the largest and most central. */
      faces: FoundFace[];
      /** Of the subject, of length 1; null where there is none, or none was asked for. */
      embedding: Float32Array<ArrayBuffer> | null;
      /** Why the subject is not one clear face, the gravest first; empty where it is. For enrolment, where it matters most. */
      complaints: FaceComplaint[];
    }
  | { ok: false; problem: PictureProblem };

export const FACE_COMPLAINTS = [
  'no_face',
  'several_faces',
  'too_small',
  'turned_away',
  'too_dark',
  'too_bright',
  'too_blurred',
] as const;
export type FaceComplaint = (typeof FACE_COMPLAINTS)[number];

export interface FoundFace {
  /** In pixels of the upright picture; may reach beyond it. */
  box: FaceBox;
  /** Of the detector, 0 to 1. */
  confidence: number;
  /** Eyes (as seen: the left one first), tip of the nose, corners of the mouth; x and y in pixels of the upright picture. */
  landmarks: [x: number, y: number][];
  quality: FrameQuality;
  /** JPEG, or null where none was asked for. */
  thumbnail: Uint8Array<ArrayBuffer> | null;
}
