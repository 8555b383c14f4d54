import { type Deadline, startDeadline } from './deadline.ts';
import { type Answer, discard, followRedirects, type PublicFetchPorts, type RouteLimits } from './follow-redirects.ts';
import { guardBody, tooLarge } from './guarded-body.ts';
import { PublicFetchFailure, type Refusal, refusal, transientRefusal } from './refusal.ts';

export type { PublicFetchPorts };

export interface PublicFetchLimits extends RouteLimits {
  /** Of the body as read, after decompression. */
  maxBytes: number;
  /** For everything: names, redirects, headers and the last byte. */
  totalTimeoutMs: number;
  /** `contentType` in lower case without parameters, `null` when none was sent; `url` is where the redirects ended. */
  acceptsType(contentType: string | null, url: URL): boolean;
}

export interface PublicBody {
  ok: true;
  /** To be read to its end or cancelled; left alone, it holds its connection until the time is over. */
  body: ReadableStream<Uint8Array>;
  contentType: string | null;
  /** What the sender claims; `null` when it does not say, or says it of the compressed body. */
  contentLength: number | null;
}

export type PublicFetchResult = PublicBody | Refusal;

/** Besides 5xx: request timeout, too early, too many requests. */
const TRANSIENT_STATUSES = new Set([408, 425, 429]);

/**
 * Fetches what a stranger's URL names: over https, from public addresses only, at every hop of the way, within bounds of
 * size and time. Whatever cannot be made sure of refuses. The body is streamed, never held.
 *
 * What remains: `fetch` resolves the name again, and no address can be pinned in workerd, so a name that changes its answer
 * in between (DNS rebinding), or answers differently by place, is not seen. On Cloudflare such a request ends at its network, which
 * does not reach private addresses from a Worker; `global_fetch_strictly_public` keeps it from going past the front door
 * of the Worker's own zone. A workerd of one's own needs a network service with `allow = ["public"]`, which is its default but
 * not that of `wrangler dev`.
 */
export async function fetchPublic(
  url: string,
  limits: PublicFetchLimits,
  ports: PublicFetchPorts,
): Promise<PublicFetchResult> {
  const tooSlow = transientRefusal('too_slow', `The URL was not fetched within ${limits.totalTimeoutMs} ms`);
  const deadline = startDeadline(limits.totalTimeoutMs, new PublicFetchFailure(tooSlow));
  try {
    const answer = await followRedirects(url, limits, ports, deadline.signal);
    return openBody(answer, limits, deadline);
  } catch (error) {
    deadline.giveUp(error);
    if (error instanceof PublicFetchFailure) return error.refusal;
    throw error;
  }
}

function openBody({ response, url }: Answer, limits: PublicFetchLimits, deadline: Deadline): PublicBody {
  const { headers } = response;
  const contentType = essence(headers.get('content-type'));
  const sentBytes = byteCount(headers.get('content-length'));
  const problem = problemOfHead(response.status, contentType, sentBytes, url, limits);
  if (problem !== null) {
    discard(response);
    throw new PublicFetchFailure(problem);
  }
  // The runtime undoes some compressions although none was asked for; the length was then another's.
  const contentLength = (headers.get('content-encoding') ?? 'identity') === 'identity' ? sentBytes : null;
  const source: ReadableStream<Uint8Array> = response.body ?? new Blob([]).stream();
  const guard = { host: url.hostname, maxBytes: limits.maxBytes, announcedBytes: contentLength, deadline };
  return { ok: true, body: guardBody(source, guard), contentType, contentLength };
}

function problemOfHead(
  status: number,
  contentType: string | null,
  sentBytes: number | null,
  url: URL,
  limits: PublicFetchLimits,
): Refusal | null {
  if (status !== 200) {
    const isTransient = status >= 500 || TRANSIENT_STATUSES.has(status);
    return { ...refusal('bad_status', `${url.hostname} answered with status ${status}`), isTransient };
  }
  if (!limits.acceptsType(contentType, url)) {
    return refusal('wrong_type', `${url.hostname} sends a content type that is not accepted`);
  }
  if (sentBytes !== null && sentBytes > limits.maxBytes) return tooLarge(url.hostname, limits.maxBytes);
  return null;
}

function essence(contentType: string | null): string | null {
  const type = contentType?.split(';', 1)[0]?.trim().toLowerCase();
  return type === undefined || type === '' ? null : type;
}

function byteCount(contentLength: string | null): number | null {
  return contentLength !== null && /^\d+$/.test(contentLength) ? Number(contentLength) : null;
}
