import type { ModelId } from '#models/registry.ts';
import type { ApiError } from '../contract/errors.ts';
import type { StoredResult } from '../db/verifications.ts';
import type { StatedWithFrames } from '../verdicts/give-verdict.ts';
import type { FaceEvidence, FrameEvidence } from './inference.ts';

/**
 * What the gateway may ask of the Durable Object that buffers one session of one organisation. Records of frames go in, never
 * pictures. Every answer is a result, for errors do not cross RPC whole; and every call may be made twice.
 */
export interface FrameSessionService {
  /** Before a frame is analysed: is it wanted, and which face was seen next to it? */
  begin(request: BeginRequest): Promise<BeginAnswer>;
  /** Buffers frames. In a stream the last one brings the verdict. */
  add(request: AddRequest): Promise<SessionAnswer>;
  /** The verdict on frames that were uploaded. */
  conclude(request: ConcludeRequest): Promise<ConcludeAnswer>;
  /** null when nothing is buffered. */
  progress(): Promise<SessionProgress | null>;
}

/** How frames come in: one by one with a verdict at the last, or in batches with a verdict when it is asked for. */
export type SessionDoor = 'stream' | 'upload';

/** The name under which a door's verdicts are stored, charged and told apart. */
export const OPERATION_OF_DOOR = { stream: 'fastCheckStream', upload: 'v2Check' } as const satisfies Record<
  SessionDoor,
  string
>;

/** How the model was chosen; it stays the same within a session. */
export interface ModelChoice {
  modelId: ModelId;
  version: string | null;
  frameCount: number | null;
}

export interface SessionRequest {
  organisationId: string;
  /** In lower case. */
  sessionId: string;
  apiKeyId: string;
  door: SessionDoor;
  choice: ModelChoice;
}

export interface FrameName {
  index: number;
  /** Of the picture as it came. */
  digest: string;
}

export interface BeginRequest extends SessionRequest {
  frames: FrameName[];
}

/** One frame's record, as it is analysed. */
export interface AnalysedFrame extends FrameName {
  timestampMs: number | null;
  evidence: FrameEvidence;
  /** Spent on it. */
  busyMs: number;
}

export interface AddRequest extends SessionRequest {
  stated: StatedWithFrames;
  frames: AnalysedFrame[];
}

export interface ConcludeRequest extends SessionRequest {
  stated: StatedWithFrames;
}

export interface SessionProgress {
  framesReceived: number;
  framesRequired: number;
  openedAtMs: number;
  /** What is left of the time that the buffer is kept for. */
  ttlSeconds: number;
}

type Refused = { ok: false; error: ApiError };
type Done = { ok: true; state: 'done'; result: StoredResult };

export type BeginAnswer =
  | Refused
  | Done
  | {
      ok: true;
      state: 'open';
      /** Indices of those frames that are not buffered yet. */
      wanted: number[];
      /** The face of the buffered frame next to the first of them. It saves the detector where nothing moved. */
      nearestFace: FaceEvidence | null;
      progress: SessionProgress;
    };

export type ConcludeAnswer = Refused | Done;

export type SessionAnswer = Refused | Done | { ok: true; state: 'open'; progress: SessionProgress };
