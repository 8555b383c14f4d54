import { DOCS_HEADERS, OPEN_ASSET_HEADERS, VERIFY_HEADERS } from './page-headers.ts';

/** Where the files are: the assets of the Worker, or a folder of a test. */
export interface PageFiles {
  fetch(url: string, init: RequestInit): Promise<Response>;
}

/** What one address leads to. */
interface Served {
  path: string;
  headers: Readonly<Record<string, string>>;
  cacheControl: string;
}

/** One folder with a version in its name, then plain names: no dot segments, nothing encoded, so nothing to climb out with. */
const VERSIONED_ASSET = /^\/assets(?:\/[A-Za-z0-9_-][A-Za-z0-9._-]*)+$/;
const CAPTURE_ASSET = /^\/assets\/capture-[0-9a-f]+\//;
const VERIFY_PAGE = /^\/verify\/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\/?$/i;
/** Stays the same when the element does not, so that other sites can name it. */
const EMBED_PATH = '/embed/liveness-check.js';

// A versioned address never changes its content. The page names them, so it must be asked for anew each time.
const CACHE_FOREVER = 'public, max-age=31536000, immutable';
const CACHE_SHORTLY = 'public, max-age=300';
const ASK_EACH_TIME = 'no-cache';
/** Its address belongs to one person and one question. */
const KEEP_NOWHERE = 'no-store';

/** Said here, for what guesses by the name of a file does not know all of them. */
const CONTENT_TYPES: Readonly<Record<string, string>> = {
  wasm: 'application/wasm',
  onnx: 'application/octet-stream',
};

export async function answerPage(request: Request, files: PageFiles): Promise<Response> {
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    return plainText(405, 'Method not allowed', { allow: 'GET, HEAD' });
  }
  const url = new URL(request.url);
  const served = findServed(url.pathname);
  if (served === null) return plainText(404, 'Not found');
  // Cookies, credentials and the rest mean nothing to a static file; only the revalidation does.
  const ifNoneMatch = request.headers.get('if-none-match');
  const headers: Record<string, string> = ifNoneMatch === null ? {} : { 'if-none-match': ifNoneMatch };
  const address = new URL(served.path, url).href;
  const found = await files.fetch(address, { method: request.method, headers, redirect: 'manual' });
  if (found.status !== 200 && found.status !== 304) {
    await found.body?.cancel();
    return plainText(404, 'Not found');
  }
  return dress(found, served);
}

function findServed(pathname: string): Served | null {
  if (pathname === '/docs' || pathname === '/docs/') {
    return { path: '/docs', headers: DOCS_HEADERS, cacheControl: ASK_EACH_TIME };
  }
  if (VERIFY_PAGE.test(pathname)) return { path: '/verify', headers: VERIFY_HEADERS, cacheControl: KEEP_NOWHERE };
  if (pathname === EMBED_PATH) return { path: EMBED_PATH, headers: OPEN_ASSET_HEADERS, cacheControl: CACHE_SHORTLY };
  if (!VERSIONED_ASSET.test(pathname)) return null;
  const headers = CAPTURE_ASSET.test(pathname) ? OPEN_ASSET_HEADERS : DOCS_HEADERS;
  return { path: pathname, headers, cacheControl: CACHE_FOREVER };
}

function dress(found: Response, { path, headers, cacheControl }: Served): Response {
  const response = new Response(found.body, found);
  for (const [name, value] of Object.entries(headers)) response.headers.set(name, value);
  response.headers.set('cache-control', cacheControl);
  const contentType = CONTENT_TYPES[path.slice(path.lastIndexOf('.') + 1)];
  if (contentType !== undefined) response.headers.set('content-type', contentType);
  return response;
}

function plainText(status: number, message: string, headers: Record<string, string> = {}): Response {
  return new Response(`${message}\n`, {
    status,
    headers: {
      ...DOCS_HEADERS,
      'content-type': 'text/plain; charset=utf-8',
      'cache-control': 'no-store',
      ...headers,
    },
  });
}
