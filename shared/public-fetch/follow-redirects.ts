import { orAbort } from './deadline.ts';
import { addressLiteral, isPublicAddress } from './public-address.ts';
import { checkPublicUrl } from './public-url.ts';
import { PublicFetchFailure, type Refusal, refusal, transientRefusal } from './refusal.ts';
import type { FetchPort, HostAddresses, ResolveHost } from './resolve-host.ts';

export interface RouteLimits {
  mostRedirects: number;
  userAgent?: string;
}

export interface PublicFetchPorts {
  fetch: FetchPort;
  resolveHost: ResolveHost;
}

export interface Answer {
  response: Response;
  url: URL;
}

const DEFAULT_USER_AGENT = 'edge-liveness';
const REDIRECT_STATUSES = new Set([301, 302, 303, 307, 308]);

/** The first answer that is no redirect. Each hop is judged as if it were the first: its text, then its addresses. */
export async function followRedirects(
  text: string,
  limits: RouteLimits,
  ports: PublicFetchPorts,
  signal: AbortSignal,
): Promise<Answer> {
  let url = checked(text, 'The URL');
  for (let redirects = 0; ; redirects++) {
    await requirePublicHost(url.hostname, ports.resolveHost, signal);
    const response = await request(url, limits, ports, signal);
    if (!REDIRECT_STATUSES.has(response.status)) return { response, url };
    discard(response);
    if (redirects >= limits.mostRedirects) {
      throw failed(refusal('too_many_redirects', `There are more than ${limits.mostRedirects} redirects`));
    }
    url = redirectTarget(response, url);
  }
}

export function checked(text: string, what: string): URL {
  const check = checkPublicUrl(text);
  if (check.ok) return check.url;
  throw failed({ ...check, message: `${what} ${check.message}` });
}

/** One private address among public ones is enough to refuse: which one `fetch` would take is not known. */
export async function requirePublicHost(
  hostname: string,
  resolveHost: ResolveHost,
  signal: AbortSignal,
): Promise<void> {
  if (addressLiteral(hostname) !== null) return;
  const resolved = await addressesOf(hostname, resolveHost, signal);
  if (!resolved.ok || resolved.addresses.length === 0) {
    const isTransient = !resolved.ok && resolved.isTransient;
    throw failed({ ...refusal('unresolvable', `No address was found for ${hostname}`), isTransient });
  }
  if (resolved.addresses.every(isPublicAddress)) return;
  throw failed(refusal('not_public', `${hostname} does not lead to public addresses only`));
}

async function addressesOf(hostname: string, resolveHost: ResolveHost, signal: AbortSignal): Promise<HostAddresses> {
  const unknown = { ok: false, isTransient: true } as const;
  const resolved = await orAbort(resolveHost(hostname, signal), signal).catch(() => unknown);
  signal.throwIfAborted();
  return resolved;
}

/** Sends nothing of ours, and asks for nothing to be kept: Cloudflare's cache would store a film by its file name. */
async function request(
  url: URL,
  { userAgent = DEFAULT_USER_AGENT }: RouteLimits,
  // Taken out of its object: called as a method, the global `fetch` of workerd refuses.
  { fetch }: PublicFetchPorts,
  signal: AbortSignal,
): Promise<Response> {
  const headers = { accept: '*/*', 'accept-encoding': 'identity', 'user-agent': userAgent };
  try {
    return await orAbort(fetch(url.href, { headers, redirect: 'manual', cache: 'no-store', signal }), signal);
  } catch {
    // The runtime's own words may hold the URL.
    signal.throwIfAborted();
    throw failed(transientRefusal('unreachable', `${url.hostname} cannot be reached`));
  }
}

function redirectTarget(response: Response, from: URL): URL {
  const location = response.headers.get('location');
  const target = location === null ? null : URL.parse(location, from.href);
  if (target === null) throw failed(refusal('bad_redirect', `${from.hostname} redirects to no valid URL`));
  return checked(target.href, `The redirect of ${from.hostname}`);
}

/** A body that nobody wants would hold its connection. */
export function discard(response: Response): void {
  response.body?.cancel().catch(() => {});
}

function failed(why: Refusal): PublicFetchFailure {
  return new PublicFetchFailure(why);
}
