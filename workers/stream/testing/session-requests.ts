import type { ModelId } from '#models/registry.ts';
import type {
  AddRequest,
  AnalysedFrame,
  BeginRequest,
  ConcludeRequest,
  ModelChoice,
  SessionDoor,
  SessionRequest,
} from '#shared/rpc/frame-session.ts';
import { PATCH_SIDE } from '#shared/rpc/inference.ts';
import { seededRandom } from '#shared/testing/seeded-random.ts';
import { GOOD_FACE } from '#shared/testing/stub-inference.ts';
import type { StatedWithFrames } from '#shared/verdicts/give-verdict.ts';

/** Organisations of the local seed, each with a key. */
export const ACME = {
  organisationId: 'a0000000-0000-4000-8000-000000000001',
  apiKeyId: 'b0000000-0000-4000-8000-000000000001',
};
export const BROKE = {
  organisationId: 'a0000000-0000-4000-8000-000000000003',
  apiKeyId: 'b0000000-0000-4000-8000-000000000005',
};

const NOTHING_STATED: StatedWithFrames = {
  source: 'media',
  fps: null,
  warnings: null,
  bgSegmentation: null,
  metadata: null,
};

interface Opened {
  of?: typeof ACME;
  door?: SessionDoor;
  modelId?: ModelId;
  sessionId?: string;
}

/** What the gateway asks in one session. */
export function requestsOf({ of = ACME, door = 'stream', modelId = '10', sessionId }: Opened = {}) {
  const choice: ModelChoice = { modelId, version: null, frameCount: null };
  const session: SessionRequest = { ...of, sessionId: sessionId ?? crypto.randomUUID(), door, choice };
  return {
    session,
    begin: (...indices: number[]): BeginRequest => ({
      ...session,
      frames: indices.map((index) => ({ index, digest: digestOf(index) })),
    }),
    add: (indices: number[], stated: Partial<StatedWithFrames> = {}): AddRequest => ({
      ...session,
      stated: { ...NOTHING_STATED, ...stated },
      frames: indices.map((index) => frameAt(index)),
    }),
    conclude: (stated: Partial<StatedWithFrames> = {}): ConcludeRequest => ({
      ...session,
      stated: { ...NOTHING_STATED, ...stated },
    }),
  };
}

/** Indices from one on, up to but not including another. */
export function span(from: number, to: number): number[] {
  return Array.from({ length: to - from }, (_, i) => from + i);
}

/** The name of the frame is its face's hash, so that a test sees what is judged. */
export function frameAt(index: number, change: Partial<AnalysedFrame> = {}): AnalysedFrame {
  const face = { ...GOOD_FACE, patch: patchOf(index), contentHash: `frame ${index}` };
  const evidence = { version: 1, kind: 'frame', width: 640, height: 480, face } as const;
  return { index, digest: digestOf(index), timestampMs: index * 100, evidence, busyMs: 7, ...change };
}

export function withoutFace(frame: AnalysedFrame): AnalysedFrame {
  return { ...frame, evidence: { ...frame.evidence, face: null } };
}

function digestOf(index: number): string {
  return index.toString(16).padStart(64, 'd');
}

/** Noise, another for each frame, of the size of a real one. */
function patchOf(index: number): Uint8Array<ArrayBuffer> {
  const random = seededRandom(index + 1);
  return Uint8Array.from({ length: PATCH_SIDE * PATCH_SIDE }, () => random() * 256);
}
