import { WorkerEntrypoint } from 'cloudflare:workers';

export interface PagesEnv {
  ASSETS: Pick<Fetcher, 'fetch'>;
}

/** One folder with a version in its name, then plain names: no dot segments, nothing encoded, so nothing to climb out with. */
const VERSIONED_ASSET = /^\/assets(?:\/[A-Za-z0-9_-][A-Za-z0-9._-]*)+$/;

// Nothing inline, not even a style: what Swagger UI styles by itself it sets through the DOM, which a policy does not see.
// connect-src also keeps a key typed into the page from being sent to another origin.
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "object-src 'none'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

const SECURITY_HEADERS: Readonly<Record<string, string>> = {
  'content-security-policy': CONTENT_SECURITY_POLICY,
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), geolocation=(), microphone=(), payment=(), usb=()',
  'referrer-policy': 'no-referrer',
  'strict-transport-security': 'max-age=31536000; includeSubDomains',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
};

// A versioned address never changes its content. The page names them, so it must be asked for anew each time.
const CACHE_FOREVER = 'public, max-age=31536000, immutable';
const ASK_EACH_TIME = 'no-cache';

/** What people see. Reached through the gateway's service binding; who may see it is decided there. */
export class Pages extends WorkerEntrypoint<PagesEnv> {
  override async fetch(request: Request): Promise<Response> {
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      return plainText(405, 'Method not allowed', { allow: 'GET, HEAD' });
    }
    const url = new URL(request.url);
    if (url.pathname === '/docs' || url.pathname === '/docs/') {
      return await this.#asset(request, new URL('/docs', url), ASK_EACH_TIME);
    }
    if (VERSIONED_ASSET.test(url.pathname)) {
      return await this.#asset(request, new URL(url.pathname, url), CACHE_FOREVER);
    }
    return plainText(404, 'Not found');
  }

  async #asset(request: Request, url: URL, cacheControl: string): Promise<Response> {
    // Cookies, credentials and the rest mean nothing to a static file; only the revalidation does.
    const ifNoneMatch = request.headers.get('if-none-match');
    const headers: HeadersInit = ifNoneMatch === null ? {} : { 'if-none-match': ifNoneMatch };
    const found = await this.env.ASSETS.fetch(url.href, { method: request.method, headers, redirect: 'manual' });
    if (found.status !== 200 && found.status !== 304) {
      await found.body?.cancel();
      return plainText(404, 'Not found');
    }
    const response = new Response(found.body, found);
    for (const [name, value] of Object.entries(SECURITY_HEADERS)) response.headers.set(name, value);
    response.headers.set('cache-control', cacheControl);
    return response;
  }
}

function plainText(status: number, message: string, headers: Record<string, string> = {}): Response {
  return new Response(`${message}\n`, {
    status,
    headers: {
      ...SECURITY_HEADERS,
      'content-type': 'text/plain; charset=utf-8',
      'cache-control': 'no-store',
      ...headers,
    },
  });
}
