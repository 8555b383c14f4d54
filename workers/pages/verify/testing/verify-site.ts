import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { answerPage } from '../../answer-page.ts';
import type { PageSession } from '../page-session.ts';
import { makeSession, SESSION_ID } from './make-session.ts';

export const TOKEN = 'vst_test.abc-DEF_123';

export interface ApiRequest {
  method: string;
  path: string;
  key: string | undefined;
  body: unknown;
}

/** How the stand-in for the API answers: with the session, with a refusal, or not at all. */
export type ApiMood =
  | { kind: 'answers' }
  | { kind: 'refuses'; status: number; code: string; retryAfterSeconds?: number }
  | { kind: 'is_lost' }
  | { kind: 'is_slow'; delayMs: number };

export interface VerifySite {
  baseUrl: string;
  link: string;
  requests: ApiRequest[];
  /** What the API knows: change it as the server would. */
  session: PageSession;
  mood: ApiMood;
  /** The answer to a recording, which may change the session too. */
  judge: (body: unknown) => unknown;
  /** Begins anew, with a session of these parts, and no verdict on anything. */
  reset(parts?: Partial<PageSession>): void;
  stop(): Promise<void>;
}

/** Serves the built page exactly as the Worker does, and stands in for the API: records what it is sent, answers as told. */
export async function startVerifySite(assets: ReadonlyMap<string, Buffer>): Promise<VerifySite> {
  let visit = 0;
  const site: VerifySite = {
    baseUrl: '',
    link: '',
    requests: [],
    session: makeSession(),
    mood: { kind: 'answers' },
    judge: () => null,
    reset(parts) {
      visit += 1;
      site.requests.length = 0;
      site.judge = () => null;
      site.session = makeSession(parts);
      site.mood = { kind: 'answers' };
    },
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname } = new URL(request.url ?? '/', site.baseUrl);
    if (pathname.startsWith('/api/')) await answerApi(request, response, pathname);
    else await serve(request, response);
  }

  async function answerApi(request: IncomingMessage, response: ServerResponse, path: string): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const text = Buffer.concat(chunks).toString('utf8');
    const body: unknown = text === '' ? null : JSON.parse(text);
    const key = request.headers['x-api-key'];
    site.requests.push({ method: request.method ?? '', path, key: Array.isArray(key) ? key[0] : key, body });
    const { mood } = site;
    if (mood.kind === 'is_lost') return void request.socket.destroy();
    const asked = visit;
    if (mood.kind === 'is_slow') await wait(mood.delayMs);
    // Whoever asked has left meanwhile, and shall change nothing for the next.
    if (asked !== visit) return void request.socket.destroy();
    if (mood.kind === 'refuses') {
      const { status, code, retryAfterSeconds } = mood;
      const headers = retryAfterSeconds === undefined ? {} : { 'retry-after': String(retryAfterSeconds) };
      response.writeHead(status, { 'content-type': 'application/json', 'x-error-code': code, ...headers });
      response.end(
        JSON.stringify({ data: null, success: false, message: 'Refused', errors: [{ [code]: ['Refused'] }] }),
      );
      return;
    }
    if (path.endsWith('/audit')) note(body);
    const data = path.endsWith('/fast-check-crops') ? site.judge(body) : site.session;
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ data, success: true, message: 'OK' }));
  }

  function note(body: unknown): void {
    const hasBegun = JSON.stringify(body).includes('"capture_started"') && site.session.state === 'pending';
    if (hasBegun) site.session = { ...site.session, state: 'in_progress' };
  }

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', site.baseUrl);
    const page = await answerPage(new Request(url, { method: request.method ?? 'GET' }), {
      fetch: async (address) => readAsset(assets, new URL(address).pathname),
    });
    response.writeHead(page.status, Object.fromEntries(page.headers));
    response.end(Buffer.from(await page.arrayBuffer()));
  }

  const server = createServer((request, response) => {
    answer(request, response).catch(() => request.socket.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve));
  const { port } = server.address() as AddressInfo;
  site.baseUrl = `http://localhost:${port}`;
  site.link = `${site.baseUrl}/verify/${SESSION_ID}#token=${TOKEN}`;
  return site;
}

const TYPES: Record<string, string> = {
  css: 'text/css; charset=utf-8',
  html: 'text/html; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  svg: 'image/svg+xml',
};

/** As the platform serves a folder: pages without their ending. */
function readAsset(assets: ReadonlyMap<string, Buffer>, pathname: string): Response {
  const name = pathname.slice(1);
  const found = assets.has(name) ? name : `${name}.html`;
  const content = assets.get(found);
  if (content === undefined) return new Response(null, { status: 404 });
  const type = TYPES[found.split('.').at(-1) ?? ''];
  return new Response(new Uint8Array(content), { headers: type === undefined ? {} : { 'content-type': type } });
}
