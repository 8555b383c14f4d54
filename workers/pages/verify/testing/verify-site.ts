import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { answerPage } from '../../answer-page.ts';
import type { PageSession } from '../page-session.ts';
import { makeSession } from './make-session.ts';

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
  | { kind: 'hangs' };

/** One link, and what the API knows and hears of it. */
export interface AskedSession {
  readonly id: string;
  readonly link: string;
  readonly requests: ApiRequest[];
  /** Change it as the server would. */
  session: PageSession;
  mood: ApiMood;
  /** The answer to a recording, which may change the session too. */
  judge: (body: unknown) => unknown;
  /** What was told to its trail. */
  recorded(): { event: string; details: object }[];
  recordedEvents(): string[];
}

export interface VerifySite {
  baseUrl: string;
  /** A session of its own, of these parts: no visit sees what becomes of another's. */
  ask(parts?: Partial<PageSession>): AskedSession;
  stop(): Promise<void>;
}

/** Serves the built page exactly as the Worker does, and stands in for the API: records what it is sent, answers as told. */
export async function startVerifySite(assets: ReadonlyMap<string, Buffer>): Promise<VerifySite> {
  const sessions = new Map<string, AskedSession>();
  const site: VerifySite = {
    baseUrl: '',
    ask(parts) {
      const asked = askSession(site.baseUrl, parts);
      sessions.set(asked.id, asked);
      return asked;
    },
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname } = new URL(request.url ?? '/', site.baseUrl);
    if (!pathname.startsWith('/api/')) return await serve(request, response);
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const text = Buffer.concat(chunks).toString('utf8');
    const body: unknown = text === '' ? null : JSON.parse(text);
    const asked = sessions.get(sessionIdIn(pathname, body));
    if (asked === undefined) throw new Error(`nobody was asked at ${pathname}`);
    const key = request.headers['x-api-key'];
    asked.requests.push({ method: request.method ?? '', path: pathname, key: Array.isArray(key) ? key[0] : key, body });
    const { mood } = asked;
    if (mood.kind === 'is_lost') request.socket.destroy();
    else if (mood.kind === 'refuses') refuse(response, mood);
    else if (mood.kind === 'answers') send(response, 200, await dataFor(asked, pathname, body));
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
  return site;
}

function askSession(baseUrl: string, parts: Partial<PageSession> = {}): AskedSession {
  const id = randomUUID();
  const asked: AskedSession = {
    id,
    link: `${baseUrl}/verify/${id}#token=${TOKEN}`,
    requests: [],
    session: makeSession({ session_id: id, ...parts }),
    mood: { kind: 'answers' },
    judge: () => null,
    recorded: () =>
      asked.requests
        .filter(({ path }) => path.endsWith('/audit'))
        .map(({ body }) => body as { event: string; details: object }),
    recordedEvents: () => asked.recorded().map(({ event }) => event),
  };
  return asked;
}

function sessionIdIn(path: string, body: unknown): string {
  const inPath = /^\/api\/v1\/sessions\/([^/]+)/.exec(path)?.[1];
  return inPath ?? String((body as { session_id?: unknown } | null)?.session_id);
}

async function dataFor(asked: AskedSession, path: string, body: unknown): Promise<unknown> {
  if (path.endsWith('/fast-check-crops')) return await asked.judge(body);
  const hasBegun = path.endsWith('/audit') && JSON.stringify(body).includes('"capture_started"');
  if (hasBegun && asked.session.state === 'pending') asked.session = { ...asked.session, state: 'in_progress' };
  return asked.session;
}

function refuse(response: ServerResponse, mood: Extract<ApiMood, { kind: 'refuses' }>): void {
  const { status, code, retryAfterSeconds } = mood;
  response.setHeader('x-error-code', code);
  if (retryAfterSeconds !== undefined) response.setHeader('retry-after', String(retryAfterSeconds));
  send(response, status, null, { message: 'Refused', errors: [{ [code]: ['Refused'] }] });
}

function send(response: ServerResponse, status: number, data: unknown, others: object = { message: 'OK' }): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify({ data, success: status === 200, ...others }));
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
