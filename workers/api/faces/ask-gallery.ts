import { ApiFailure } from '#shared/contract/errors.ts';
import { withinTime } from '#shared/lib/within-time.ts';
import type { GalleryFailure } from '#shared/rpc/galleries.ts';

type Answer = { ok: true } | { ok: false; reason: string };

const RETRY_AFTER_SECONDS = 5;
const GALLERY_TIMEOUT_MS = 30_000;

/** What the gallery Worker answers, but for its failures: those, and silence, end the call. */
export async function askGallery<Given extends Answer>(
  call: () => Promise<Given>,
): Promise<Exclude<Given, GalleryFailure>> {
  const answer = await withinTime(call, GALLERY_TIMEOUT_MS).catch((error: unknown) => galleryFailed(error));
  if (isAnswer(answer)) return answer;
  throw unavailable('it failed');
}

function isAnswer<Given extends Answer>(answer: Given): answer is Exclude<Given, GalleryFailure> {
  return answer.ok || answer.reason !== 'failed';
}

function galleryFailed(error: unknown): never {
  throw unavailable(error instanceof Error ? `${error.name}: ${error.message}` : 'unknown');
}

function unavailable(reason: string): ApiFailure {
  console.error(JSON.stringify({ level: 'error', event: 'gallery_failed', reason }));
  return new ApiFailure({
    code: 'service_unavailable',
    message: 'The gallery does not answer. Nothing was charged; please send the request again.',
    retryAfterSeconds: RETRY_AFTER_SECONDS,
  });
}
