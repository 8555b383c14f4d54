import type { SubmissionRow } from '#shared/db/submissions.ts';
import type { ByteSource } from './decoder/byte-source.ts';
import { fetchRecording, RecordingRefused } from './fetch-recording.ts';
import type { JobProgress } from './job-progress.ts';
import type { VideoServices } from './process-video.ts';

export interface Recording {
  source: ByteSource;
  /** SHA-256, hex. */
  contentHash: string;
}

/** The recording, fetched first where it was only pointed at. */
export async function openRecording(
  services: VideoServices,
  submission: SubmissionRow,
  progress: JobProgress,
): Promise<Recording> {
  const { recordings } = services;
  const { objectKey, videoUrl, contentHash } = submission;
  if (videoUrl !== null) {
    const fetchedKey = fetchedKeyOf(submission);
    const { sizeBytes, sha256 } = await fetchRecording(services, { url: videoUrl, key: fetchedKey }, progress);
    return { source: rangesOf(recordings, fetchedKey, sizeBytes), contentHash: sha256 };
  }
  const stored = await recordings.head(objectKey);
  if (stored === null) throw new RecordingRefused('The recording is not stored any more. Submit it again.');
  return { source: rangesOf(recordings, objectKey, stored.size), contentHash: contentHash ?? stored.etag };
}

/** Nothing of the recording stays, whichever attempts have fetched it. */
export async function deleteRecording(recordings: R2Bucket, submission: SubmissionRow): Promise<void> {
  const fetched = Array.from({ length: submission.attempts }, (_, i) =>
    fetchedKeyOf({ ...submission, attempts: i + 1 }),
  );
  await recordings.delete([submission.objectKey, ...fetched]);
}

/** Each attempt fetches for itself: one that breaks off clears away what it has stored, and another may be reading. */
function fetchedKeyOf({ objectKey, attempts }: Pick<SubmissionRow, 'objectKey' | 'attempts'>): string {
  return `${objectKey}-${attempts}`;
}

/** The object by its parts. It is never in memory as a whole. */
function rangesOf(recordings: R2Bucket, objectKey: string, sizeBytes: number): ByteSource {
  return {
    sizeBytes,
    async read(offset, length) {
      const part = await recordings.get(objectKey, { range: { offset, length } });
      if (part === null) throw new Error('the recording went away while it was being read');
      return await part.bytes();
    },
  };
}
