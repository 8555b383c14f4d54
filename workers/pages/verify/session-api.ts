import type { PageLink } from './page-link.ts';
import { type PageSession, parsePageSession } from './page-session.ts';
import type { ApiFault, PageRecord } from './page-state.ts';

/** `serverNowMs`: by the clock that decides; null where the answer does not tell. */
export type ApiAnswer =
  | { ok: true; session: PageSession; serverNowMs: number | null }
  | { ok: false; fault: ApiFault; retryAfterSeconds: number | null };

interface ApiOptions {
  /** null where the address holds none: then it is as if the token were wrong. */
  link: PageLink | null;
  fetch: (url: string, init: RequestInit) => Promise<Response>;
}

const ANSWER_WITHIN_MS = 15_000;

const FAULT_OF_STATUS: Readonly<Record<number, ApiFault>> = {
  401: 'link_invalid',
  402: 'unavailable',
  403: 'link_invalid',
  404: 'link_invalid',
  429: 'rate_limited',
};

/** The API as the holder of one link sees it. Never throws. */
export class SessionApi {
  readonly #options: ApiOptions;

  constructor(options: ApiOptions) {
    this.#options = options;
  }

  async read(): Promise<ApiAnswer> {
    return await this.#ask('', { method: 'GET' });
  }

  async record({ event, details }: PageRecord): Promise<ApiAnswer> {
    const headers = { 'content-type': 'application/json' };
    return await this.#ask('/audit', { method: 'PATCH', headers, body: JSON.stringify({ event, details }) });
  }

  async #ask(path: string, init: RequestInit & { headers?: Record<string, string> }): Promise<ApiAnswer> {
    const { link, fetch } = this.#options;
    if (link === null) return { ok: false, fault: 'link_invalid', retryAfterSeconds: null };
    try {
      const response = await fetch(`/api/v1/sessions/${link.sessionId}${path}`, {
        ...init,
        headers: { ...init.headers, 'x-api-key': link.token },
        cache: 'no-store',
        signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
      });
      return response.ok ? await readAnswer(response) : refusal(response);
    } catch {
      return { ok: false, fault: 'offline', retryAfterSeconds: null };
    }
  }
}

async function readAnswer(response: Response): Promise<ApiAnswer> {
  const text = await response.text();
  const session = parsePageSession(jsonOrNull(text));
  if (session === null) return { ok: false, fault: 'server_error', retryAfterSeconds: null };
  const serverNowMs = Date.parse(response.headers.get('date') ?? '');
  return { ok: true, session, serverNowMs: Number.isNaN(serverNowMs) ? null : serverNowMs };
}

function refusal(response: Response): ApiAnswer {
  const isExpired = response.headers.get('x-error-code') === 'token_expired';
  const fault = isExpired ? 'link_expired' : (FAULT_OF_STATUS[response.status] ?? 'server_error');
  const seconds = Number.parseInt(response.headers.get('retry-after') ?? '', 10);
  return { ok: false, fault, retryAfterSeconds: Number.isNaN(seconds) ? null : seconds };
}

function jsonOrNull(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
