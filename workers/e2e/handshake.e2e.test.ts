import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createLocalJWKSet, jwtVerify } from 'jose';
import { Webhook } from 'standardwebhooks';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CreatedSession, Session } from '#shared/contract/sessions.ts';
import { cropsOf, REAL_MEDIA, readFrames, toPngBase64 } from '#shared/testing/real-recordings.ts';
import { startLocalServer } from '#shared/testing/start-local-server.ts';

// From the question to the proof, with real people, over HTTP, with a receiver of webhooks that listens.
const KEY = 'sk-local-acme';
const ACTION = 'Transfer 2,400 euros to Ana Ruiz';
const USER = 'user-4711';
const MOST_WAIT_MS = 30_000;

interface Told {
  event: string;
  session_id: string;
  data: { state?: string; verdict?: string; attestation?: string | null };
}

let baseUrl: string;
let stopServer: () => Promise<void>;
let receiver: Server;
const received: { path: string; headers: Record<string, string>; text: string }[] = [];
const crops: Record<'franck' | 'another' | 'still', { index: number; pixels: string }[]> = {
  franck: [],
  another: [],
  still: [],
};

async function cropsFrom(path: string): Promise<{ index: number; pixels: string }[]> {
  const pixels = await Promise.all((await cropsOf(await readFrames(path, 10, 10))).map(toPngBase64));
  return pixels.map((text, index) => ({ index, pixels: text }));
}

beforeAll(async () => {
  ({ baseUrl, stop: stopServer } = await startLocalServer());
  receiver = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, `${value}`]));
      received.push({ path: request.url ?? '', headers, text: Buffer.concat(chunks).toString() });
      response.end('thank you');
    });
  });
  await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
  crops.franck = await cropsFrom(REAL_MEDIA.franck);
  crops.another = await cropsFrom(REAL_MEDIA.cap12);
  crops.still = crops.franck.map(({ index }) => ({ index, pixels: crops.franck[0]?.pixels ?? '' }));
});

afterAll(async () => {
  receiver?.close();
  await stopServer?.();
});

async function api<Data>(method: string, path: string, key: string, body?: unknown): Promise<Data> {
  const response = await fetch(`${baseUrl}${path}`, {
    method,
    headers: { 'content-type': 'application/json', 'x-api-key': key },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const answer = (await response.json()) as { success: boolean; data: Data; message: string };
  if (!answer.success) throw new Error(`${method} ${path}: ${response.status} ${answer.message}`);
  return answer.data;
}

const ask = (members: Record<string, unknown> = {}) =>
  api<CreatedSession>('POST', '/api/v1/sessions', KEY, { action_description: ACTION, ...members });

/** What the page does once the person has agreed: who has the link, and nothing else, does it. */
async function answer(session: CreatedSession, who: keyof typeof crops, { consents = false, attempt = 1 } = {}) {
  const path = `/api/v1/sessions/${session.session_id}`;
  if (consents) await api('PATCH', `${path}/audit`, session.token, { event: 'consent_given' });
  await api('PATCH', `${path}/audit`, session.token, { event: 'capture_started' });
  const check = { session_id: session.session_id, attempt, source: 'live', crops: crops[who] };
  const { verdict } = await api<{ verdict: string }>('POST', '/api/v1/fast-check-crops', session.token, check);
  return { verdict, session: await api<Session>('GET', path, KEY) };
}

async function toldOf(sessionId: string, event: string, path: string) {
  const giveUpAtMs = Date.now() + MOST_WAIT_MS;
  while (Date.now() < giveUpAtMs) {
    const found = received.find(({ text, path: at }) => {
      const told = JSON.parse(text) as Told;
      return at === path && told.session_id === sessionId && told.event === event;
    });
    if (found) return found;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(
    `${event} never came; there were ${received.map(({ path: at, text }) => `${at} ${text}`).join('\n')}`,
  );
}

describe('the handshake', () => {
  it('leads from a question to a proof that anybody can verify, and tells who listens', async () => {
    const { port } = receiver.address() as AddressInfo;
    const hook = await api<{ secret: string }>('POST', '/api/v1/webhooks', KEY, {
      url: `http://127.0.0.1:${port}/hook`,
    });
    const asked = await ask({ callback_url: `http://127.0.0.1:${port}/callback` });
    const { verdict, session } = await answer(asked, 'franck');
    expect([verdict, session.state]).toEqual(['live', 'completed']);

    const keys = (await (await fetch(`${baseUrl}/.well-known/jwks.json`)).json()) as Parameters<
      typeof createLocalJWKSet
    >[0];
    const { payload } = await jwtVerify(session.attestation ?? '', createLocalJWKSet(keys), { issuer: baseUrl });
    expect(payload).toMatchObject({ verdict: 'live', action: ACTION, session_id: asked.session_id, aud: 'acme' });

    for (const [path, secret] of [
      ['/hook', hook.secret],
      ['/callback', asked.callback_secret ?? ''],
    ] as const) {
      const { headers, text } = await toldOf(asked.session_id, 'session.completed', path);
      // By the reference library of the specification, which throws.
      const told = new Webhook(secret).verify(text, headers) as Told;
      expect(told.data).toMatchObject({ state: 'completed', attestation: session.attestation });
    }
    await toldOf(asked.session_id, 'session.created', '/hook');
    const check = await toldOf(asked.session_id, 'verification.completed', '/hook');
    expect((JSON.parse(check.text) as Told).data.verdict).toBe('live');

    const { entries } = await api<{ entries: { action: string }[] }>(
      'GET',
      `/api/v1/sessions/${asked.session_id}/audit`,
      KEY,
    );
    expect(entries.map(({ action }) => action)).toEqual([
      'session_created',
      'capture_started',
      'session_started',
      'check_begun',
      'attempt_judged',
      'session_completed',
    ]);
  });

  it('proves nothing for a still', async () => {
    const asked = await ask({ max_attempts: 1 });
    const { verdict, session } = await answer(asked, 'still');
    expect([verdict, session.state, session.attestation]).toEqual(['fake', 'failed', null]);
  });

  it('knows who has been there before, if they have agreed to it, until they are forgotten', async () => {
    const user = { user_identifier: USER };
    const first = await answer(await ask(user), 'franck', { consents: true });
    expect(first.session).toMatchObject({ state: 'completed', facemesh_comparison: null });
    const second = await answer(await ask(user), 'franck', { consents: true });
    expect(second.session).toMatchObject({ state: 'completed', facemesh_comparison: { match_found: true } });
    expect(second.session.facemesh_comparison?.similarity_score).toBeGreaterThan(0.8);

    const somebodyElse = await answer(await ask({ ...user, require_user_match: true, max_attempts: 1 }), 'another', {
      consents: true,
    });
    expect(somebodyElse.session).toMatchObject({ state: 'failed', failure_reason: 'user_mismatch', attestation: null });
    const withoutConsent = await answer(await ask(user), 'franck');
    expect(withoutConsent.session).toMatchObject({ state: 'completed', facemesh_comparison: null });

    await api('DELETE', `/api/v1/users/${USER}`, KEY);
    const afterwards = await answer(await ask(user), 'another', { consents: true });
    expect(afterwards.session).toMatchObject({ state: 'completed', facemesh_comparison: null });
  });
});
