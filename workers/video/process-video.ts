import { recordingPace } from '#models/recording-pace.ts';
import type { RegisteredModel } from '#models/registry.ts';
import { resolveModel } from '#models/resolve-model.ts';
import { ApiFailure } from '#shared/contract/errors.ts';
import { beginAttempt, failSubmission, type SubmissionRow } from '#shared/db/submissions.ts';
import type { StoredResult } from '#shared/db/verifications.ts';
import { MOST_DELIVERIES, VIDEO_OPERATION } from '#shared/jobs/video-job.ts';
import { sha256Hex } from '#shared/lib/hash.ts';
import type { InferenceService } from '#shared/rpc/inference.ts';
import { giveVerdict, type VerdictServices } from '#shared/verdicts/give-verdict.ts';
import { analyseClip, type ClipEvidence } from './analyse-clip.ts';
import type { ByteSource } from './decoder/byte-source.ts';
import type { Run } from './decoder/choose-run.ts';
import type { Clip } from './decoder/open-clip.ts';
import { VideoRefused } from './decoder/video-refused.ts';
import { type FetchPublic, RecordingRefused, RecordingUnavailable } from './fetch-recording.ts';
import { JobProgress, Superseded } from './job-progress.ts';
import { deleteRecording, openRecording, type Recording } from './open-recording.ts';

export interface VideoServices extends VerdictServices {
  recordings: R2Bucket;
  inference: Pick<InferenceService, 'analyseFrames' | 'judge'>;
  openClip(source: ByteSource): Promise<Clip>;
  /** A decoder fills most of an isolate: work that has one waits for that of other invocations. */
  inTurn<Value>(work: () => Promise<Value>): Promise<Value>;
  fetchPublic: FetchPublic;
  log(line: Record<string, unknown>): void;
}

/**
 * One delivery of one job. It ends the submission with a verdict or a reason, or throws, and then it is delivered again. It may
 * be delivered again all the same, twice at once too, and may stop between any two steps: verdict, charge and end are one
 * transaction, and the recording goes after that, so a later delivery finds either all of it to do, or nothing but to tidy up.
 */
export async function processVideo(services: VideoServices, submissionId: string): Promise<void> {
  const { database, recordings, nowMs, log } = services;
  const submission = await beginAttempt(database, submissionId, nowMs());
  if (submission === null) return log({ level: 'warn', event: 'video_job_unknown', submission: submissionId });
  try {
    if (submission.status === 'processing') await carryOut(services, submission);
  } catch (error) {
    // A later delivery is at work on the same recording, and will end the job.
    if (error instanceof Superseded) return;
    throw error;
  }
  await deleteRecording(recordings, submission);
}

async function carryOut(services: VideoServices, submission: SubmissionRow): Promise<void> {
  const { database, nowMs, log } = services;
  const { id, attempts } = submission;
  const told = { event: 'video_job', submission: id, attempt: attempts };
  try {
    const result = await decide(services, submission);
    log({ ...told, outcome: result?.verdict ?? 'ended elsewhere', ms: result?.processing_ms });
  } catch (error) {
    const reason = reasonToFail(error, attempts);
    if (reason === null) throw error;
    await failSubmission(database, id, reason, nowMs());
    services.announce?.(submission.organisationId);
    log({ ...told, outcome: 'failed', reason });
  }
}

async function decide(services: VideoServices, submission: SubmissionRow): Promise<StoredResult | null> {
  const { nowMs, newId } = services;
  const { id, organisationId, apiKeyId, metadata } = submission;
  const model = modelOf(submission);
  const progress = new JobProgress(services, submission);
  const recording = await openRecording(services, submission, progress);
  return await services.inTurn(async () => {
    const startedAtMs = nowMs();
    const { spread, run, fps } = await evidenceOf(services, recording, model, progress);
    await progress.tell('judging');
    return await giveVerdict(services, {
      scope: { organisationId, operation: VIDEO_OPERATION, sessionId: id },
      apiKeyId,
      model,
      inputSource: 'video_upload',
      stated: { source: 'media', fps, warnings: null, bgSegmentation: null, metadata },
      tenantMetadata: metadata,
      evidence: spread,
      run,
      busyMs: nowMs() - startedAtMs,
      contentHash: await sha256Hex(JSON.stringify([model.id, recording.contentHash])),
      claim: { id: newId(), submissionId: id, startedAtMs },
    });
  });
}

async function evidenceOf(
  services: VideoServices,
  { source }: Recording,
  model: RegisteredModel,
  progress: JobProgress,
): Promise<ClipEvidence> {
  await progress.tell('opening');
  const clip = await services.openClip(source);
  try {
    return await analyseClip(services, clip, framesFor(model), progress);
  } finally {
    clip.close();
  }
}

/** A run of as many frames as the model has, taken as its recordings usually are. */
function framesFor({ minFrames: count }: RegisteredModel): { count: number; run: Run } {
  return { count, run: { count, framesPerSecond: recordingPace(count) } };
}

/** What to tell the integrator; null for a fault after which another attempt may do better. */
function reasonToFail(error: unknown, attempts: number): string | null {
  if (error instanceof VideoRefused || error instanceof RecordingRefused) return error.message;
  if (error instanceof ApiFailure && error.error.code === 'insufficient_credits') return error.message;
  // Somebody else's fault, and they are told of it where the dead-letter queue knows nothing but that it was the last time.
  if (error instanceof RecordingUnavailable && attempts >= MOST_DELIVERIES) return error.message;
  return null;
}

function modelOf({ model }: SubmissionRow): RegisteredModel {
  const resolved = resolveModel({ model });
  if (!resolved.ok) throw new Error(`no model ${model}`);
  return resolved.model;
}
