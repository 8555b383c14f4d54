import type { PublicPost } from '#shared/public-fetch/post-public.ts';
import { askedWaitMs } from './backoff.ts';
import { EXCERPT_BYTES, excerptOf } from './excerpt.ts';
import type { WebhookServices } from './webhook-services.ts';

const TIMEOUT_MS = 10_000;
export const GONE = 410;

export interface AttemptResult {
  isDelivered: boolean;
  /** The receiver wants no more of it. */
  isFinal: boolean;
  status: number | null;
  durationMs: number;
  responseExcerpt: string | null;
  error: string | null;
  /** How long the receiver asks to be left alone. */
  askedMs: number;
}

/** One attempt. Only a status of 2xx is a success: a redirect leads to somebody who was not named. */
export async function sendWebhook(
  { post, allowsLocal, nowMs }: WebhookServices,
  url: string,
  message: PublicPost,
): Promise<AttemptResult> {
  const startedAtMs = nowMs();
  const answer = await post(url, message, { totalTimeoutMs: TIMEOUT_MS, mostBytes: EXCERPT_BYTES, allowsLocal });
  const durationMs = nowMs() - startedAtMs;
  if (!answer.ok) {
    const failed = { isDelivered: false, isFinal: false, status: null, responseExcerpt: null, askedMs: 0 };
    return { ...failed, durationMs, error: answer.message };
  }
  const { status, headers, body } = answer;
  const isDelivered = status >= 200 && status < 300;
  return {
    isDelivered,
    isFinal: status === GONE,
    status,
    durationMs,
    responseExcerpt: excerptOf(body),
    error: isDelivered ? null : problemOf(status),
    askedMs: isDelivered ? 0 : askedWaitMs(headers.get('retry-after')),
  };
}

function problemOf(status: number): string {
  const isRedirect = status >= 300 && status < 400;
  return isRedirect ? `Answered with a redirect (${status}); none is followed` : `Answered with status ${status}`;
}
