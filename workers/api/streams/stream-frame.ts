import type { StreamAnswer, StreamFrameBody } from '#shared/contract/streams.ts';
import { validationFailure } from '#shared/contract/validation.ts';
import type { StoredResult } from '#shared/db/verifications.ts';
import { sha256Hex } from '#shared/lib/hash.ts';
import type { AnalysedFrame, SessionProgress } from '#shared/rpc/frame-session.ts';
import type { FaceEvidence } from '#shared/rpc/inference.ts';
import { askInference, inferenceFailed } from '#shared/verdicts/ask-inference.ts';
import { answerOf } from '#shared/verdicts/present-verdict.ts';
import { statedIn } from '../checks/check-members.ts';
import { decodePicture } from '../checks/decode-picture.ts';
import type { Services } from '../services.ts';
import type { KeyCaller } from '../use-cases/find-caller.ts';
import { finishAnyway } from '../use-cases/finish-anyway.ts';
import { goodAnswer } from './good-answer.ts';
import { refuseIndexBeyond, unreadableFrame } from './invalid-frame.ts';
import { sessionModel } from './session-model.ts';

export interface StreamRequest {
  caller: KeyCaller;
  body: StreamFrameBody;
  versionHeader: string | undefined;
  announce(headers: Record<string, string>): void;
}

/**
 * One frame of a stream. It is analysed here and now; what goes on is its record. Goes on when the client does not wait for
 * the answer: a frame that was sent counts.
 */
export function streamFrame(services: Services, request: StreamRequest): Promise<StreamAnswer> {
  return finishAnyway(services, carryOut(services, request));
}

async function carryOut(services: Services, request: StreamRequest): Promise<StreamAnswer> {
  const { caller, body } = request;
  const { index } = body.frame;
  const { model, choice } = sessionModel(request);
  if (model.needsFps && body.fps === undefined) {
    throw validationFailure([{ field: 'fps', message: 'fps is required', missing: true }]);
  }
  refuseIndexBeyond(model, index);
  const bytes = decodePicture(body.frame.pixels);
  if (bytes === null) throw unreadableFrame(index, 'not_a_picture');

  const organisationId = caller.organisation.id;
  const sessionId = body.session_id.toLowerCase();
  const session = services.frameSessions.of(organisationId, sessionId);
  const asked = { organisationId, sessionId, apiKeyId: caller.key.id, door: 'stream', choice } as const;
  const name = { index, digest: await sha256Hex(bytes) };

  const begun = goodAnswer(await session.begin({ ...asked, frames: [name] }));
  if (begun.state === 'done') return complete(begun.result, body);
  if (begun.wanted.length === 0) return buffering(begun.progress, body);

  const record = await analyse(services, { index, bytes, previousFace: begun.nearestFace });
  const frame = { ...name, ...record, timestampMs: body.frame.timestamp_ms };
  const added = goodAnswer(await session.add({ ...asked, stated: statedIn(body), frames: [frame] }));
  return added.state === 'done' ? complete(added.result, body) : buffering(added.progress, body);
}

interface Picture {
  index: number;
  bytes: Uint8Array;
  previousFace: FaceEvidence | null;
}

async function analyse(
  { inference, nowMs }: Services,
  { index, bytes, previousFace }: Picture,
): Promise<Pick<AnalysedFrame, 'evidence' | 'busyMs'>> {
  const startedAtMs = nowMs();
  const pictures = [{ ordinal: index, bytes }];
  const { outcomes } = await askInference((deadlineAtMs) =>
    inference.analyseFrames({ kind: 'frame', pictures, previousFace }, deadlineAtMs),
  );
  const [outcome] = outcomes;
  if (outcome === undefined) throw inferenceFailed('no outcome for the picture');
  if (!outcome.ok) throw unreadableFrame(index, outcome.problem);
  return { evidence: outcome.evidence, busyMs: nowMs() - startedAtMs };
}

function buffering(progress: SessionProgress, { session_id, warnings }: StreamFrameBody): StreamAnswer {
  return {
    status: 'buffering',
    session_id,
    frames_received: progress.framesReceived,
    frames_required: progress.framesRequired,
    ttl_seconds: progress.ttlSeconds,
    warnings: warnings?.length ? [...new Set(warnings)] : null,
  };
}

function complete(stored: StoredResult, body: StreamFrameBody): StreamAnswer {
  const counted = { frames_received: stored.frames_processed, frames_required: stored.frames_processed };
  return { status: 'complete', ...answerOf(stored, body), ...counted, ttl_seconds: 0, available: true, error: null };
}
