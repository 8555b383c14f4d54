import { afterEach, expect, it, vi } from 'vitest';
import { showSession } from './show-session.ts';

afterEach(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

async function shownFor(response: Response): Promise<string> {
  vi.stubGlobal('fetch', async () => response);
  const log = vi.spyOn(console, 'log').mockImplementation(() => undefined);
  await showSession({ url: 'http://localhost:8787', key: 'sk-local-acme' });
  return log.mock.calls.flat().join('\n');
}

it('shows the link, and how to read what came of it', async () => {
  const data = { session_id: 'the-session', verification_url: 'http://localhost:8787/verify/the-session#token=t' };
  const shown = await shownFor(Response.json({ data, success: true, message: 'OK' }, { status: 201 }));
  expect(shown).toContain(data.verification_url);
  expect(shown).toContain("curl -s http://localhost:8787/api/v1/sessions/the-session -H 'X-API-Key: sk-local-acme'");
});

it.each([
  [429, Response.json({ data: null, message: 'Rate limit exceeded.' }, { status: 429 }), '429 Rate limit exceeded.'],
  [503, new Response('upstream is away', { status: 503 }), '503 upstream is away'],
])('says what was answered with %i', async (_status, response, said) => {
  expect(await shownFor(response)).toContain(said);
});
