import { MAX_VIDEO_BYTES } from '#shared/contract/videos.ts';
import { type StoredUpload, storeUpload } from '#shared/lib/store-upload.ts';
import type { PublicFetchLimits, PublicFetchResult } from '#shared/public-fetch/fetch-public.ts';
import { PublicFetchFailure, type Refusal } from '#shared/public-fetch/refusal.ts';
import type { JobProgress } from './job-progress.ts';
import type { VideoServices } from './process-video.ts';

export type FetchPublic = (url: string, limits: PublicFetchLimits) => Promise<PublicFetchResult>;

/** The recording cannot be had, and asking again would not help. The message is for the integrator. */
export class RecordingRefused extends Error {
  override readonly name = 'RecordingRefused';
}

/** The recording could not be had this time. The message is for the integrator, should it stay so. */
export class RecordingUnavailable extends Error {
  override readonly name = 'RecordingUnavailable';
}

const FETCH_TIMEOUT_MS = 120_000;
const MOST_REDIRECTS = 3;
/** What storage services say of a file when nobody has told them what it is. */
const UNNAMED_TYPES: readonly (string | null)[] = ['application/octet-stream', 'binary/octet-stream', null];
const FILM_TYPES: readonly (string | null)[] = ['application/mp4', 'application/x-matroska', ...UNNAMED_TYPES];

const LIMITS: PublicFetchLimits = {
  maxBytes: MAX_VIDEO_BYTES,
  totalTimeoutMs: FETCH_TIMEOUT_MS,
  mostRedirects: MOST_REDIRECTS,
  acceptsType: (contentType) => contentType?.startsWith('video/') === true || FILM_TYPES.includes(contentType),
};

/** From where the integrator said, into storage, as it arrives. What breaks off leaves nothing there. */
export async function fetchRecording(
  services: VideoServices,
  { url, key }: { url: string; key: string },
  progress: JobProgress,
): Promise<StoredUpload> {
  await progress.tell('fetching');
  const fetched = await services.fetchPublic(url, LIMITS);
  if (!fetched.ok) throw failureOf(fetched);
  const { body, contentLength } = fetched;
  try {
    return await storeUpload(services.recordings, key, followed(body, contentLength, progress), MAX_VIDEO_BYTES);
  } catch (error) {
    if (error instanceof PublicFetchFailure) throw failureOf(error.refusal);
    throw error;
  }
}

async function* followed(
  body: ReadableStream<Uint8Array>,
  contentLength: number | null,
  progress: JobProgress,
): AsyncGenerator<Uint8Array> {
  let received = 0;
  for await (const chunk of body) {
    yield chunk;
    received += chunk.length;
    if (contentLength !== null) await progress.tell('fetching', received, contentLength);
  }
}

function failureOf({ message, isTransient }: Refusal): Error {
  const text = `video_url could not be fetched: ${message}`;
  return isTransient ? new RecordingUnavailable(text) : new RecordingRefused(text);
}
