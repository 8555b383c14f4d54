import { ApiFailure } from '#shared/contract/errors.ts';
import type { Submission } from '#shared/contract/videos.ts';
import { countWaiting, findSubmission } from '#shared/db/submissions.ts';
import { findVerification } from '#shared/db/verifications.ts';
import { VIDEO_OPERATION } from '#shared/jobs/video-job.ts';
import type { Services } from '../services.ts';
import { presentSubmission } from './present-submission.ts';

export async function readSubmission(
  { database }: Pick<Services, 'database'>,
  organisation: { id: string; slug: string },
  submissionId: string,
): Promise<Submission> {
  const row = await findSubmission(database, organisation.id, submissionId);
  if (row === null) throw new ApiFailure({ code: 'submission_not_found', message: 'Submission not found' });
  const before = row.status === 'pending' ? await countWaiting(database, organisation.id, row.createdAtMs) : 0;
  const scope = { organisationId: organisation.id, operation: VIDEO_OPERATION, sessionId: row.id };
  const verification = row.status === 'completed' ? await findVerification(database, scope) : null;
  return presentSubmission({ row, before, result: verification?.result ?? null }, organisation.slug);
}
