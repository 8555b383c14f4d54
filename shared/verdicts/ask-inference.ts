import { ApiFailure } from '../contract/errors.ts';
import { withinTime } from '../lib/within-time.ts';

type Answer = { ok: true } | { ok: false; reason: string };

const INFERENCE_TIMEOUT_MS = 30_000;
const RETRY_AFTER_SECONDS = 5;

/**
 * The good answer of the inference Worker. Whatever else comes of the call, silence included, ends the check without a verdict.
 * `call` is told until when anybody waits for it, so that an inference Worker with more work than time leaves out what nobody
 * wants any more.
 */
export async function askInference<Given extends Answer>(
  call: (deadlineAtMs: number) => Promise<Given>,
): Promise<Given & { ok: true }> {
  const deadlineAtMs = Date.now() + INFERENCE_TIMEOUT_MS;
  const answer = await withinTime(() => call(deadlineAtMs), INFERENCE_TIMEOUT_MS).catch((error: unknown) => ({
    ok: false as const,
    reason: reasonOf(error),
  }));
  if (isGood(answer)) return answer;
  throw inferenceFailed(answer.ok ? 'no answer' : answer.reason);
}

export function inferenceFailed(reason: string): ApiFailure {
  console.error(JSON.stringify({ level: 'error', event: 'inference_failed', reason }));
  return new ApiFailure({
    code: 'service_unavailable',
    message: 'The check could not be carried out. Nothing was charged; please send it again.',
    retryAfterSeconds: RETRY_AFTER_SECONDS,
  });
}

function isGood<Given extends Answer>(answer: Given | { ok: false; reason: string }): answer is Given & { ok: true } {
  return answer.ok;
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : 'unknown';
}
