import { orAbort, startDeadline } from './deadline.ts';
import { checked, type PublicFetchPorts, requirePublicHost } from './follow-redirects.ts';
import { localTarget } from './local-target.ts';
import { PublicFetchFailure, type Refusal, transientRefusal } from './refusal.ts';

export interface PublicPost {
  body: string;
  headers: Record<string, string>;
}

export interface PublicPostLimits {
  /** For everything: names, headers and what is read of the answer. */
  totalTimeoutMs: number;
  /** How much of the answer's body is read; the rest is left. */
  mostBytes: number;
  /** Also `http://localhost:<port>`: in development only. */
  allowsLocal: boolean;
}

export interface PublicPostAnswer {
  ok: true;
  /** Whatever it is, 3xx included: no redirect is followed. */
  status: number;
  headers: Headers;
  /** What it begins with. */
  body: Uint8Array;
}

/**
 * Sends to what a stranger's URL names, under the rules of `fetchPublic` and with what remains of them: https, public addresses
 * only, looked up anew each time. A redirect is an answer like any other: followed, it would take what is sent to somebody
 * who was not named.
 */
export async function postPublic(
  text: string,
  post: PublicPost,
  limits: PublicPostLimits,
  ports: PublicFetchPorts,
): Promise<PublicPostAnswer | Refusal> {
  const tooSlow = transientRefusal('too_slow', `There was no answer within ${limits.totalTimeoutMs} ms`);
  const deadline = startDeadline(limits.totalTimeoutMs, new PublicFetchFailure(tooSlow));
  try {
    const url = await permitted(text, limits, ports, deadline.signal);
    const response = await send(url, post, ports, deadline.signal);
    const { status, headers } = response;
    return { ok: true, status, headers, body: await beginningOf(response, limits.mostBytes, deadline.signal) };
  } catch (error) {
    if (error instanceof PublicFetchFailure) return error.refusal;
    throw error;
  } finally {
    // What is still open is let go of: nobody reads on.
    deadline.giveUp(new Error('the answer has been read'));
  }
}

async function permitted(
  text: string,
  { allowsLocal }: PublicPostLimits,
  { resolveHost }: PublicFetchPorts,
  signal: AbortSignal,
): Promise<URL> {
  const local = allowsLocal ? localTarget(text) : null;
  if (local !== null) return local;
  const url = checked(text, 'The URL');
  await requirePublicHost(url.hostname, resolveHost, signal);
  return url;
}

async function send(
  url: URL,
  { body, headers }: PublicPost,
  // Taken out of its object: called as a method, the global `fetch` of workerd refuses.
  { fetch }: PublicFetchPorts,
  signal: AbortSignal,
): Promise<Response> {
  const init = { method: 'POST', body, headers, redirect: 'manual', cache: 'no-store', signal } as const;
  try {
    return await orAbort(fetch(url.href, init), signal);
  } catch {
    // The runtime's own words may hold the URL.
    signal.throwIfAborted();
    throw new PublicFetchFailure(transientRefusal('unreachable', `${url.hostname} cannot be reached`));
  }
}

/** The status has said all that matters: a body that breaks off, or drips, is cut where it is. */
async function beginningOf(response: Response, mostBytes: number, signal: AbortSignal): Promise<Uint8Array> {
  const beginning = new Uint8Array(mostBytes);
  let length = 0;
  if (response.body === null) return beginning.subarray(0, 0);
  const reader = response.body.getReader();
  try {
    while (length < mostBytes) {
      const { done, value } = await orAbort(reader.read(), signal);
      if (done) break;
      const taken = value.subarray(0, mostBytes - length);
      beginning.set(taken, length);
      length += taken.byteLength;
    }
  } catch {
    // Cut off.
  }
  reader.cancel().catch(() => {});
  return beginning.subarray(0, length);
}
