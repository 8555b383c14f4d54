import { failSubmission, findSubmissionById } from '#shared/db/submissions.ts';
import { deleteRecording } from './open-recording.ts';
import type { VideoServices } from './process-video.ts';

const GAVE_UP =
  'The video could not be processed in three attempts. Nothing was charged; submit it again, or in another format.';

/**
 * What is left of a job that has failed too often, be it by errors or because it took its Worker down with it: the submission
 * fails, unless a verdict came after all, and the recording goes.
 */
export async function buryJob(services: VideoServices, submissionId: string): Promise<void> {
  const { database, recordings, nowMs, log } = services;
  const submission = await findSubmissionById(database, submissionId);
  if (submission === null) return;
  const failed = await failSubmission(database, submissionId, GAVE_UP, nowMs());
  await deleteRecording(recordings, submission);
  if (failed) services.announce?.(submission.organisationId);
  if (failed) log({ level: 'error', event: 'video_job_given_up', submission: submissionId });
}
