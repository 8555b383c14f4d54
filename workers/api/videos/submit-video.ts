import { ApiFailure } from '#shared/contract/errors.ts';
import type { SubmissionAccepted } from '#shared/contract/videos.ts';
import { readBalance } from '#shared/db/credits.ts';
import type { Creation } from '#shared/db/idempotency.ts';
import { addSubmission, findSubmission, type SubmissionRow, withdrawSubmission } from '#shared/db/submissions.ts';
import { videoJob } from '#shared/jobs/video-job.ts';
import { insufficientCredits } from '#shared/verdicts/give-verdict.ts';
import type { FormPart } from '../operation/multipart-form.ts';
import type { Services } from '../services.ts';
import { claimLost } from '../use-cases/answer-once.ts';
import type { KeyCaller } from '../use-cases/find-caller.ts';
import { finishAnyway } from '../use-cases/finish-anyway.ts';
import { discardRecording } from './discard-recording.ts';
import { presentAccepted } from './present-submission.ts';
import { readVideoForm } from './read-video-form.ts';
import { readVideoRequest, type VideoRequest } from './read-video-request.ts';

export interface SubmitRequest {
  caller: KeyCaller;
  form: AsyncIterable<FormPart>;
  versionHeader: string | undefined;
  announce(headers: Record<string, string>): void;
  once<Data>(request: unknown, carryOut: (creation: Creation) => Promise<Data>): Promise<Data>;
}

const RETRY_AFTER_SECONDS = 5;

/** Takes a recording in and leaves a job for it. Goes on when the client does not wait for the answer. */
export function submitVideo(services: Services, request: SubmitRequest): Promise<SubmissionAccepted> {
  return finishAnyway(services, carryOut(services, request));
}

async function carryOut(services: Services, request: SubmitRequest): Promise<SubmissionAccepted> {
  const { caller, announce, versionHeader, once } = request;
  const { organisation } = caller;
  const balance = await readBalance(services.database, organisation.id);
  // Fresh for each request: one that fails deletes what is there.
  const objectKey = `videos/${organisation.id}/${services.newId()}`;
  // While the model is not known, neither is the price; the least there is must be there before anything is stored.
  const form = await readVideoForm(services.recordings, request.form, balance > 0 ? objectKey : null);
  let isKept = false;
  try {
    const asked = await readVideoRequest(form, {
      versionHeader,
      metadataSchema: organisation.metadataSchema,
      announce,
    });
    const identity = [organisation.slug, asked.model.id, asked.contentHash, asked.videoUrl, asked.metadata];
    return await once(identity, async (creation) => {
      const { creditsPerCheck } = asked.model;
      if (balance < creditsPerCheck) {
        // The credits may have gone for the verdict of an earlier request with the same `Idempotency-Key`, which died after its row.
        const earlier = await findSubmission(services.database, organisation.id, creation.id);
        if (earlier === null) throw insufficientCredits(creditsPerCheck, balance);
        return presentAccepted(earlier, organisation.slug);
      }
      const row = await submit(services, caller, { ...asked, objectKey }, creation);
      // An earlier request with the same `Idempotency-Key`, which died after this, has its own recording.
      isKept = row.objectKey === objectKey;
      return presentAccepted(row, organisation.slug);
    });
  } finally {
    if (!isKept && form.file?.isStored) await discardRecording(services.recordings, objectKey);
  }
}

/** The row first, then the message: a message without a row would be a job without a recording. */
async function submit(
  services: Services,
  { organisation, key }: KeyCaller,
  { model, metadata, contentHash, videoUrl, objectKey }: VideoRequest & { objectKey: string },
  creation: Creation,
): Promise<SubmissionRow> {
  const { database, nowMs, videoJobs } = services;
  const submission = { organisationId: organisation.id, apiKeyId: key.id, metadata, objectKey, videoUrl, contentHash };
  const row = await addSubmission(database, creation, { ...submission, model: model.id, createdAtMs: nowMs() });
  if (row === null) throw claimLost();
  try {
    await videoJobs.send(videoJob(row.id));
  } catch (error) {
    // The queue may have taken it all the same, and the job be at work. Should this fail, too, the hourly look for jobs without a
    // message finds it.
    if (!(await withdrawSubmission(database, row.id))) return row;
    console.error(JSON.stringify({ level: 'error', event: 'video_job_not_queued', reason: String(error) }));
    const message = 'The video could not be queued. Nothing was charged; please send it again.';
    throw new ApiFailure({ code: 'service_unavailable', message, retryAfterSeconds: RETRY_AFTER_SECONDS });
  }
  return row;
}
