import { Webhook } from 'standardwebhooks';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CreatedSession, Session } from '#shared/contract/sessions.ts';
import { cropsOf, REAL_MEDIA, readFrames, toPngBase64 } from '#shared/testing/real-recordings.ts';
import { startLocalServer } from '#shared/testing/start-local-server.ts';
import { apiAt, type CallApi } from './testing/call-api.ts';
import { readTrail } from './testing/read-trail.ts';
import { verifyAttestation } from './testing/verify-attestation.ts';
import { startWebhookReceiver, type Told, type WebhookReceiver } from './testing/webhook-receiver.ts';

// From the question to the proof, with real people, over HTTP, with a receiver of webhooks that listens.
const KEY = 'sk-local-acme';
const ACTION = 'Transfer 2,400 euros to Ana Ruiz';
const USER = 'user-4711';

let baseUrl: string;
let stopServer: () => Promise<void>;
let receiver: WebhookReceiver;
let api: CallApi;
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
  api = apiAt((path, init) => fetch(`${baseUrl}${path}`, init));
  receiver = await startWebhookReceiver();
  crops.franck = await cropsFrom(REAL_MEDIA.franck);
  crops.another = await cropsFrom(REAL_MEDIA.cap12);
  crops.still = crops.franck.map(({ index }) => ({ index, pixels: crops.franck[0]?.pixels ?? '' }));
});

afterAll(async () => {
  receiver?.close();
  await stopServer?.();
});

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

describe('the handshake', () => {
  it('leads from a question to a proof that anybody can verify, and tells who listens', async () => {
    const hook = await api<{ secret: string }>('POST', '/api/v1/webhooks', KEY, { url: receiver.urlOf('/hook') });
    const asked = await ask({ callback_url: receiver.urlOf('/callback') });
    const { verdict, session } = await answer(asked, 'franck');
    expect([verdict, session.state]).toEqual(['live', 'completed']);

    const payload = await verifyAttestation(session.attestation, {
      origin: baseUrl,
      fetchAt: (path) => fetch(`${baseUrl}${path}`),
    });
    expect(payload).toMatchObject({ verdict: 'live', action: ACTION, session_id: asked.session_id, aud: 'acme' });

    for (const [path, secret] of [
      ['/hook', hook.secret],
      ['/callback', asked.callback_secret ?? ''],
    ] as const) {
      const { headers, text } = await receiver.toldOf(asked.session_id, 'session.completed', path);
      // By the reference library of the specification, which throws.
      const told = new Webhook(secret).verify(text, headers) as Told;
      expect(told.data).toMatchObject({ state: 'completed', attestation: session.attestation });
    }
    await receiver.toldOf(asked.session_id, 'session.created', '/hook');
    const check = await receiver.toldOf(asked.session_id, 'verification.completed', '/hook');
    expect((JSON.parse(check.text) as Told).data.verdict).toBe('live');

    expect(await readTrail(api, KEY, asked.session_id)).toEqual([
      'key session_created',
      'person capture_started',
      'system session_started',
      'person check_begun',
      'system attempt_judged',
      'system session_completed',
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
