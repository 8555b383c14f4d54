import { z } from 'zod';

/** What travels through the queue: a reference. A message may arrive twice, late, or after its submission has ended. */
export const VideoJob = z.object({ version: z.literal(1), submissionId: z.string() });
export type VideoJob = z.infer<typeof VideoJob>;

export function videoJob(submissionId: string): VideoJob {
  return { version: 1, submissionId };
}

/** Deliveries of one message, the first included; after the last it goes to the dead-letter queue. Also in `wrangler.toml`. */
export const MOST_DELIVERIES = 3;

/** Under which verdicts on videos are stored and charged; also the id of the operation that takes them in. */
export const VIDEO_OPERATION = 'detectVideo';
