import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { OPEN_ASSET_HEADERS, VERIFY_HEADERS } from '../../page-headers.ts';

type Headers = Readonly<Record<string, string>>;

const FOLDER = '/assets/capture-test';
const CACHE_FOREVER = 'public, max-age=31536000, immutable';
export const SESSION_ID = '550e8400-e29b-41d4-a716-446655440000';
export const TOKEN = 'vst_test';

/** What a page of somebody else has to allow. */
function embeddingHeaders(origin: string): Headers {
  const sources = [
    `script-src 'self' ${origin} 'wasm-unsafe-eval'`,
    `worker-src blob: ${origin}`,
    `connect-src ${origin}`,
  ];
  return { 'content-security-policy': ["default-src 'none'", ...sources].join('; ') };
}

function page(origin: string): string {
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Capture</title>
<script type="module" src="${origin}${FOLDER}/liveness-check.js"></script><script type="module" src="/page.js"></script></head>
<body><main><h1>Check</h1><liveness-check session-id="${SESSION_ID}" token="${TOKEN}"></liveness-check>
<button>Start</button></main></body></html>`;
}

// What an embedding page does, and a note of all that it is told.
const PAGE_SCRIPT = `
const check = document.querySelector('liveness-check');
window.told = [];
window.tracks = [];
window.violations = [];
addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) =>
  violations.push(violatedDirective + ' ' + blockedURI));
for (const name of ['state', 'hint', 'progress', 'result', 'error']) {
  addEventListener('liveness-' + name, ({ type, detail }) => told.push({ type, ...detail }));
}
const ask = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
navigator.mediaDevices.getUserMedia = async (wanted) => {
  const stream = await ask(wanted);
  tracks.push(...stream.getTracks());
  return stream;
};
document.querySelector('button').addEventListener('click', () => check.start());
`;

export interface ApiRequest {
  method: string;
  path: string;
  key: string | undefined;
  body: string;
}

/** How a request for a verdict is answered; `lost`: the line is cut. */
export type ApiAnswer = 'lost' | { status: number; headers?: Record<string, string>; body: unknown };

export interface CaptureSite {
  baseUrl: string;
  /** A page of another origin that embeds the element. */
  embeddingUrl: string;
  requests: ApiRequest[];
  /** Asked once for each verdict that is wanted. */
  answer: () => ApiAnswer;
  /** A file that is not there. */
  withheld: string | null;
  stop(): Promise<void>;
}

/** Serves the built files under the policy of the real page, and stands in for the API: records what it is sent, answers as told. */
export async function startCaptureSite(files: ReadonlyMap<string, Buffer>): Promise<CaptureSite> {
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://site');
    if (!pathname.startsWith('/api/')) serve(response, pathname);
    else answerApi(site, request, response, pathname).catch(() => request.socket.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const baseUrl = `http://127.0.0.1:${port}`;
  const site: CaptureSite = {
    baseUrl,
    embeddingUrl: `http://localhost:${port}/embedding`,
    requests: [],
    answer: () => 'lost',
    withheld: null,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };

  /** As `answerPage` does, but for the page of somebody else. */
  function serve(response: ServerResponse, path: string): void {
    const name = path.replace(`${FOLDER}/`, '');
    const file = name === site.withheld ? undefined : files.get(name);
    if (path === '/') send(response, 'text/html', page(''), VERIFY_HEADERS);
    else if (path === '/embedding') send(response, 'text/html', page(baseUrl), embeddingHeaders(baseUrl));
    else if (path === '/page.js') send(response, 'text/javascript', PAGE_SCRIPT, {});
    else if (file) send(response, typeOf(name), file, { ...OPEN_ASSET_HEADERS, 'cache-control': CACHE_FOREVER });
    else response.writeHead(404).end();
  }
  return site;
}

async function answerApi(
  { requests, answer }: CaptureSite,
  request: IncomingMessage,
  response: ServerResponse,
  path: string,
): Promise<void> {
  response.setHeader('access-control-allow-origin', '*');
  if (request.method === 'OPTIONS') {
    const allowed = { 'access-control-allow-headers': 'content-type, x-api-key', 'access-control-allow-methods': '*' };
    response.writeHead(204, allowed).end();
    return;
  }
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  const key = request.headers['x-api-key'];
  const body = Buffer.concat(chunks).toString('utf8');
  requests.push({ method: request.method ?? '', path, key: Array.isArray(key) ? key[0] : key, body });
  const answered: ApiAnswer = path.endsWith('/fast-check-crops') ? answer() : { status: 200, body: {} };
  if (answered === 'lost') {
    request.socket.destroy();
    return;
  }
  response.writeHead(answered.status, { 'content-type': 'application/json', ...answered.headers });
  response.end(JSON.stringify(answered.body));
}

function send(response: ServerResponse, type: string, body: string | Buffer, headers: Headers): void {
  response.writeHead(200, { 'content-type': type, 'x-content-type-options': 'nosniff', ...headers }).end(body);
}

function typeOf(name: string): string {
  if (name.endsWith('.js')) return 'text/javascript';
  return name.endsWith('.wasm') ? 'application/wasm' : 'application/octet-stream';
}
