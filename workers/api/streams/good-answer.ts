import { type ApiError, ApiFailure } from '#shared/contract/errors.ts';

/** The answer of a session; its refusals, which cross RPC as data, are thrown again here. */
export function goodAnswer<Answer extends { ok: true }>(answer: Answer | { ok: false; error: ApiError }): Answer {
  if (answer.ok) return answer;
  throw new ApiFailure(answer.error);
}
