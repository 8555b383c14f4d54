import { describe, expect, it } from 'vitest';
import { SessionApi } from './session-api.ts';
import { makeSession, SESSION_ID } from './testing/make-session.ts';

const LINK = { sessionId: SESSION_ID, token: 'vst_secret' };
const SESSION = makeSession();

interface Sent {
  url: string;
  init: RequestInit;
}

function apiWith(answer: Response | Error) {
  const sent: Sent[] = [];
  const fetch = async (url: string, init: RequestInit) => {
    sent.push({ url, init });
    if (answer instanceof Error) throw answer;
    return answer;
  };
  return { api: new SessionApi({ link: LINK, fetch }), sent };
}

const ok = (body: unknown, headers: Record<string, string> = {}) => Response.json(body, { headers });
const refused = (status: number, headers: Record<string, string> = {}) => new Response('{}', { status, headers });

describe('SessionApi', () => {
  it('sends the token as a key, and keeps it out of the address', async () => {
    const { api, sent } = apiWith(ok({ data: SESSION }));
    await api.read();
    expect(sent[0]?.url).toBe(`/api/v1/sessions/${SESSION_ID}`);
    expect(new Headers(sent[0]?.init.headers).get('x-api-key')).toBe('vst_secret');
  });

  it('records an event of the page', async () => {
    const { api, sent } = apiWith(ok({ data: SESSION }));
    await api.record({ event: 'page_opened', details: { language: 'en' } });
    expect(sent[0]).toMatchObject({ url: `/api/v1/sessions/${SESSION_ID}/audit`, init: { method: 'PATCH' } });
    expect(JSON.parse(String(sent[0]?.init.body))).toEqual({ event: 'page_opened', details: { language: 'en' } });
  });

  it('tells the time of the server, where that tells it', async () => {
    const date = 'Wed, 25 Nov 2026 12:00:00 GMT';
    const told = await apiWith(ok({ data: SESSION }, { date })).api.read();
    expect(told).toEqual({ ok: true, session: SESSION, serverNowMs: Date.UTC(2026, 10, 25, 12) });
    expect(await apiWith(ok({ data: SESSION })).api.read()).toMatchObject({ serverNowMs: null });
  });

  it.each([
    [401, {}, 'link_invalid'],
    [401, { 'x-error-code': 'token_expired' }, 'link_expired'],
    [403, { 'x-error-code': 'token_expired' }, 'link_expired'],
    [403, { 'x-error-code': 'session_token_mismatch' }, 'link_invalid'],
    [404, {}, 'link_invalid'],
    [402, { 'x-error-code': 'account_suspended' }, 'unavailable'],
    [429, {}, 'rate_limited'],
    [500, {}, 'server_error'],
    [503, {}, 'server_error'],
    [418, {}, 'server_error'],
  ] as const)('understands %i %o', async (status, headers, fault) => {
    expect(await apiWith(refused(status, headers)).api.read()).toEqual({ ok: false, fault, retryAfterSeconds: null });
  });

  it('hands on how long to wait', async () => {
    const { api } = apiWith(refused(429, { 'retry-after': '12' }));
    expect(await api.read()).toMatchObject({ fault: 'rate_limited', retryAfterSeconds: 12 });
  });

  it('is offline where nobody answers, or nobody in time', async () => {
    for (const error of [new TypeError('Failed to fetch'), new DOMException('late', 'TimeoutError')]) {
      expect(await apiWith(error).api.read()).toMatchObject({ ok: false, fault: 'offline' });
    }
  });

  it.each([
    ['no JSON', new Response('<html>')],
    ['no envelope', ok(null)],
    ['no session', ok({ data: {} })],
    ['an unknown state', ok({ data: { ...SESSION, state: 'paused' } })],
    ['an unknown verdict', ok({ data: { ...SESSION, verdict: 'maybe' } })],
    ['no organisation', ok({ data: { ...SESSION, organisation: null } })],
    ['no name of it', ok({ data: { ...SESSION, organisation: { slug: 'acme' } } })],
    ['no time', ok({ data: { ...SESSION, expires_at: 'soon' } })],
    ['text for a number', ok({ data: { ...SESSION, attempts: '0' } })],
    ['nothing of consent', ok({ data: { ...SESSION, asks_consent: undefined } })],
    ['an answer that is none', ok({ data: { ...SESSION, consent: 'maybe' } })],
  ])('takes no answer with %s', async (_, answer) => {
    expect(await apiWith(answer).api.read()).toMatchObject({ ok: false, fault: 'server_error' });
  });

  it('asks nobody without a link', async () => {
    const fetch = async () => {
      throw new Error('asked');
    };
    expect(await new SessionApi({ link: null, fetch }).read()).toMatchObject({ ok: false, fault: 'link_invalid' });
  });
});
