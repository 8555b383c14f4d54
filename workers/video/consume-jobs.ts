import { VideoJob } from '#shared/jobs/video-job.ts';
import { buryJob } from './bury-job.ts';
import { processVideo, type VideoServices } from './process-video.ts';

export const DEAD_LETTER_QUEUE = 'edge-liveness-video-dead';

/** A fault that passes has some time to pass; three deliveries are over within minutes, while somebody still polls. */
const FIRST_RETRY_SECONDS = 5;

/**
 * Takes each message by itself: what one comes to is nothing to the next. A job that ended, well or badly, is done with; only a
 * fault of ours brings it again, and the queue counts how often.
 */
export async function consumeJobs(batch: MessageBatch<unknown>, services: VideoServices): Promise<void> {
  const carryOut = batch.queue === DEAD_LETTER_QUEUE ? buryJob : processVideo;
  for (const message of batch.messages) {
    const job = VideoJob.safeParse(message.body);
    if (!job.success) {
      // Of another version, or of somebody else: to read it again would not make it more readable.
      services.log({ level: 'error', event: 'video_message_unreadable', message: message.id });
      message.ack();
      continue;
    }
    const { submissionId } = job.data;
    try {
      await carryOut(services, submissionId);
      message.ack();
    } catch (error) {
      const reason = error instanceof Error ? `${error.name}: ${error.message}` : 'unknown';
      services.log({
        level: 'error',
        event: 'video_job_failed',
        submission: submissionId,
        delivery: message.attempts,
        reason,
      });
      message.retry({ delaySeconds: FIRST_RETRY_SECONDS * message.attempts });
    }
  }
}
