import { describe, expect, it } from 'vitest';
import { presentSession } from '../../shared/contract/present-session.ts';
import { PortRefusal } from '../../workers/sessions/mcp/session-port.ts';
import { sessionRow } from '../../workers/sessions/session/testing/session-row.ts';
import { apiSessionPort, mayServeAgain } from './api-session-port.ts';

const NOW_MS = 100_000;
const wanted = {
  user_identifier: 'user-1',
  risk_level: 'standard',
  within_seconds: 60,
  action_description: 'x',
} as const;
const row = {
  state: 'completed',
  userIdentifier: 'user-1',
  endedAtMs: 90_000,
  attestationExpiresAtMs: 110_000,
} as const;
const shown = (change: Parameters<typeof sessionRow>[0]) =>
  presentSession(sessionRow({ ...row, ...change }), {
    organisation: { name: 'Acme', slug: 'acme' },
    hasOnlyLink: false,
    nowMs: NOW_MS,
  });

it('serves again: the same user and risk, recent, valid, and not found to be somebody else', () => {
  expect(mayServeAgain(shown({}), wanted, NOW_MS)).toBe(true);
  expect(mayServeAgain(shown({ matchFound: true, similarityScore: 0.9 }), wanted, NOW_MS)).toBe(true);
});

it.each([
  { userIdentifier: 'user-2' },
  { userIdentifier: null },
  { riskLevel: 'high' },
  { endedAtMs: 39_000 },
  { endedAtMs: null },
  { attestationExpiresAtMs: NOW_MS },
  { attestationExpiresAtMs: null },
  { matchFound: false, similarityScore: 0.2 },
] as const)('does not: %j', (change) => {
  expect(mayServeAgain(shown(change), wanted, NOW_MS)).toBe(false);
});

it('serves again where at least as many frames were looked at as are named', () => {
  const seen = shown({ frameCount: 30 });
  const ask = (frame_count?: 10 | 30 | 60) => mayServeAgain(seen, { ...wanted, frame_count }, NOW_MS);
  expect([ask(), ask(10), ask(30), ask(60)]).toEqual([true, true, true, false]);
});

/** An API that answers one after the other, and what it was asked. */
function apiThatSays(...answers: { status?: number; success?: boolean; data?: unknown; message?: string }[]) {
  const clock = { nowMs: NOW_MS };
  const asked: { line: string; body: unknown; key: string | null }[] = [];
  const port = apiSessionPort({
    apiUrl: 'https://api.example.com',
    apiKey: 'a key',
    nowMs: () => clock.nowMs,
    pollMs: 1,
    fetch: async (url, init) => {
      clock.nowMs += 1000;
      const { method, headers, body } = init ?? {};
      const { pathname, search } = new URL(String(url));
      asked.push({
        line: `${method} ${pathname}${search}`,
        body: typeof body === 'string' ? JSON.parse(body) : null,
        key: new Headers(headers).get('x-api-key'),
      });
      const { status = 200, success = true, data = null, message = 'OK' } = answers.shift() ?? {};
      return Response.json({ success, data, message }, { status });
    },
  });
  return { port, asked, clock };
}

describe('an attestation that serves again', () => {
  const session = shown({});
  const path = `/api/v1/sessions/${session.session_id}/audit`;

  it('is entered in the trail of its session', async () => {
    const { port, asked } = apiThatSays({ data: { items: [session] } }, { data: session });
    expect(await port.findReusable(wanted)).toEqual(session);
    expect(asked[1]).toEqual({
      line: `PATCH ${path}`,
      body: { event: 'attestation_reused', details: { action_description: 'x' } },
      key: 'a key',
    });
  });

  it.each([
    ['the trail takes no entry', [{ data: { items: [session] } }, { status: 403, success: false }]],
    ['there is none', [{ data: { items: [] } }]],
    ['there are but others', [{ data: { items: [shown({ riskLevel: 'high' })] } }]],
    ['the list is refused', [{ status: 403, success: false }]],
  ])('is none where %s', async (_why, answers) => {
    expect(await apiThatSays(...answers).port.findReusable(wanted)).toBeNull();
  });
});

describe('to wait for a change', () => {
  const known = shown({ state: 'pending', endedAtMs: null, attestationExpiresAtMs: null });
  const as = (change: Parameters<typeof sessionRow>[0]) =>
    shown({ state: 'pending', endedAtMs: null, attestationExpiresAtMs: null, ...change });

  it.each([
    ['another state', as({ state: 'in_progress' })],
    ['another attempt', as({ attempts: 1 })],
  ])('ends with %s, and looks no further', async (_what, changed) => {
    const { port, asked } = apiThatSays({ data: known }, { data: known }, { data: changed }, { data: known });
    expect(await port.waitForChange(known, 60_000)).toEqual(changed);
    expect(asked.map(({ line }) => line)).toEqual(Array(3).fill(`GET /api/v1/sessions/${known.session_id}`));
  });

  it('ends with the session as it is when the time is over', async () => {
    const { port, asked } = apiThatSays(...Array(9).fill({ data: known }));
    expect(await port.waitForChange(known, 3000)).toEqual(known);
    expect(asked).toHaveLength(3);
  });

  it('ends with nothing where the session is gone', async () => {
    const { port, asked } = apiThatSays({ data: known }, { status: 404, success: false });
    expect(await port.waitForChange(known, 60_000)).toBeNull();
    expect(asked).toHaveLength(2);
  });

  it('fails with the refusal of the API, and is no session', async () => {
    const refusal = { status: 429, success: false, message: 'Rate limit exceeded.' };
    const { port } = apiThatSays({ data: known }, refusal, { data: known });
    await expect(port.waitForChange(known, 60_000)).rejects.toThrow(new PortRefusal('Rate limit exceeded.'));
  });
});

describe('a refusal of the API', () => {
  it('is said in its own words', async () => {
    const refusal = { status: 429, success: false, message: 'Rate limit exceeded.' };
    await expect(apiThatSays(refusal).port.read('1')).rejects.toThrow(new PortRefusal('Rate limit exceeded.'));
    const created = await apiThatSays(refusal).port.create({ action_description: 'x', risk_level: 'standard' });
    expect(created).toEqual({ ok: false, message: 'Rate limit exceeded.' });
  });

  it('of an unknown session is none', async () => {
    expect(await apiThatSays({ status: 404, success: false }).port.read('1')).toBeNull();
  });

  it('is no session, whatever else it says', async () => {
    await expect(apiThatSays({ data: { state: 'completed', verdict: 'live' } }).port.read('1')).rejects.toThrow();
  });
});
