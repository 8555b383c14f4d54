import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestHarness } from 'wrangler';
import type { CreatedSession, Session } from '#shared/contract/sessions.ts';
import type { WebhookDelivery } from '#shared/contract/webhooks.ts';
import { sha256Hex } from '#shared/lib/hash.ts';
import { cropsOf, REAL_MEDIA, readFrames, realPicture, toPngBase64 } from '#shared/testing/real-recordings.ts';
import { applyMigrationsAndSeed } from '#shared/testing/start-seeded-worker.ts';
import { submitVideo, videoResult } from '#shared/testing/submit-video.ts';
import { buildPng } from '../inference/picture/testing/build-png.ts';
import { apiAt } from './testing/call-api.ts';
import { readTrail } from './testing/read-trail.ts';
import { verifyAttestation } from './testing/verify-attestation.ts';

/** As an operator sets them, by Worker. */
const SECRETS: Record<string, Record<string, string>> = {
  api: { API_TOKEN_SECRET: randomBytes(32).toString('hex') },
  gallery: { FACE_DATA_KEY: randomBytes(32).toString('base64') },
  sessions: {
    SESSION_DATA_KEY: randomBytes(32).toString('base64'),
    VERIFICATION_TOKEN_SECRET: randomBytes(32).toString('hex'),
  },
};

// The Workers as they are deployed, each from its own configuration, bound to one another as in production.
const server = createTestHarness({
  workers: ['api', 'inference', 'faces', 'gallery', 'sessions', 'stream', 'video', 'pages'].map((name) => ({
    configPath: `workers/${name}/wrangler.toml`,
    ...(name in SECRETS && { secrets: SECRETS[name] ?? {} }),
  })),
});

let baseUrl: URL;

beforeAll(async () => {
  baseUrl = (await server.listen()).url;
  const { DB } = await server.getWorker<{ DB: D1Database }>('edge-liveness-api').getEnv();
  await applyMigrationsAndSeed(DB);
});
afterAll(() => server.close());

/** A key that is not one of the local ones. */
async function keyOfAcme(): Promise<string> {
  const key = `sk-${crypto.randomUUID()}`;
  const { DB } = await server.getWorker<{ DB: D1Database }>('edge-liveness-api').getEnv();
  await DB.prepare(
    `INSERT INTO api_keys (id, organisation_id, name, key_hash, prefix, scopes, created_at_ms)
     SELECT ?1, id, 'of this test', ?2, 'sk-', '[]', 0 FROM organisations WHERE slug = 'acme'`,
  )
    .bind(crypto.randomUUID(), await sha256Hex(key))
    .run();
  return key;
}

describe('the production Workers together', () => {
  it('are healthy: every service binding leads somewhere', async () => {
    const response = await server.fetch('/health');
    const { data } = (await response.json()) as { data: { models_loaded: string[] } };
    expect(data).toMatchObject({
      status: 'healthy',
      environment: 'production',
      dependencies: {
        database: 'ok',
        redis: 'not_configured',
        rate_limiter: 'ok',
        inference: 'ok',
        faces: 'ok',
        gallery: 'ok',
        sessions: 'ok',
      },
    });
    expect(data.models_loaded).toContain('mixed-30-v2');
  });

  it('serve the reference through the pages Worker', async () => {
    const response = await server.fetch('/docs');
    expect(response.status).toBe(200);
    const html = await response.text();
    const [, script] = /<script[^>]+src="([^"]+)"/.exec(html) ?? [];
    expect((await server.fetch(script ?? '')).headers.get('content-type')).toContain('javascript');
  });

  it('refuse every local credential, though the database holds the seed', async () => {
    for (const key of ['sk-local-acme', 'sk-local-slow', 'sk-local-globex']) {
      expect((await server.fetch('/api/v1/models', { headers: { 'x-api-key': key } })).status).toBe(401);
    }
    const headers = { authorization: 'Bearer local-app-token' };
    expect((await server.fetch('/api/v1/models', { headers })).status).toBe(401);
  });

  it('give a stream its verdict: the gateway, the Durable Object elsewhere, inference and the database they share', async () => {
    const key = await keyOfAcme();
    const headers = { 'content-type': 'application/json', 'x-api-key': key };
    const session_id = crypto.randomUUID();
    const answers: { data: { status: string; verdict?: string } }[] = [];
    for (let index = 0; index < 10; index++) {
      const png = buildPng({ width: 64, height: 64, bitDepth: 8, colourType: 0, sample: () => 20 * index });
      const frame = { index, timestamp_ms: index * 100, pixels: Buffer.from(png).toString('base64') };
      const body = JSON.stringify({ session_id, model: 'mixed-10-v2', frame });
      const response = await server.fetch('/api/v1/fast-check-stream', { method: 'POST', headers, body });
      answers.push((await response.json()) as (typeof answers)[number]);
    }
    expect(answers.map(({ data }) => data.status)).toEqual([...Array(9).fill('buffering'), 'complete']);
    expect(answers[9]?.data.verdict).toBe('fake');
    const stored = await server.fetch(`/api/v1/verifications/${session_id}`, { headers });
    expect(await stored.json()).toMatchObject({ data: { operation: 'fastCheckStream', verdict: 'fake' } });
  });

  it('give a film its verdict: the gateway stores and queues it, the video Worker elsewhere fetches and judges it', async () => {
    const client = { baseUrl: baseUrl.origin, key: await keyOfAcme(), tenant: 'acme' };
    const bytes = Uint8Array.from(await readFile(REAL_MEDIA.cap13));
    const { data } = await submitVideo(client, { video_file: { name: 'person.mp4', bytes } });
    const end = await videoResult(client, data?.submission_id ?? '', 30_000);
    expect(end).toMatchObject({ status: 'completed', error: null, result: { verdict: 'live', frames_processed: 10 } });
  });

  it('lead from a question to a proof: the gateway, the sessions Worker elsewhere, its objects, its keys and its queue', async () => {
    const key = await keyOfAcme();
    const fetchAt = (path: string, init: RequestInit = {}) => fetch(`${baseUrl.origin}${path}`, init);
    const api = apiAt(fetchAt);
    // A name that nobody can have (RFC 2606): that its delivery was tried is enough.
    await api('POST', '/api/v1/webhooks', key, { url: 'https://hooks.example/', events: ['session.completed'] });
    const { session_id, token } = await api<CreatedSession>('POST', '/api/v1/sessions', key, {
      action_description: 'Transfer 2,400 euros to Ana Ruiz',
    });
    await api('PATCH', `/api/v1/sessions/${session_id}/audit`, token, { event: 'capture_started' });
    const pictures = await Promise.all((await cropsOf(await readFrames(REAL_MEDIA.franck, 10, 10))).map(toPngBase64));
    const crops = pictures.map((pixels, index) => ({ index, pixels }));
    await api('POST', '/api/v1/fast-check-crops', token, { session_id, attempt: 1, source: 'live', crops });

    const session = await api<Session>('GET', `/api/v1/sessions/${session_id}`, key);
    expect(session).toMatchObject({ state: 'completed', verdict: 'live' });
    const proof = await verifyAttestation(session.attestation, { origin: baseUrl.origin, fetchAt });
    expect(proof).toMatchObject({ session_id, verdict: 'live', aud: 'acme' });
    expect(await readTrail(api, key, session_id)).toEqual([
      'key session_created',
      'person capture_started',
      'system session_started',
      'person check_begun',
      'system attempt_judged',
      'system session_completed',
    ]);
    const triedDeliveries = async () => {
      const { items } = await api<{ items: WebhookDelivery[] }>('GET', '/api/v1/webhooks/deliveries', key);
      return items.filter(({ attempts }) => attempts > 0).map(({ event, session_id }) => ({ event, session_id }));
    };
    await expect.poll(triedDeliveries, { timeout: 20_000 }).toEqual([{ event: 'session.completed', session_id }]);
  });

  it('find somebody by another photograph: the gateway, the face Worker and the gallery elsewhere', async () => {
    const post = async <Data>(path: string, headers: Record<string, string>, body: unknown): Promise<Data> => {
      const response = await server.fetch(path, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: JSON.stringify(body),
      });
      const { data } = (await response.json()) as { data: Data };
      return data;
    };
    const { token } = await post<{ token: string }>('/api/v1/tokens', { 'x-api-key': await keyOfAcme() }, {});
    const faces = <Data>(path: string, body: unknown) =>
      post<Data>(`/v2/face-recognition${path}`, { authorization: `Bearer ${token}` }, body);
    const image = async (name: string) => (await readFile(realPicture(name))).toString('base64');
    const collection = await faces<{ id: string }>('/collections', { name: 'actors' });
    for (const name of ['cage', 'SeanConnery']) {
      const images = [await image(`${name}.jpg`)];
      await faces('/persons', { name, images, collection_id: collection.id });
    }
    const probe = { images: [await image('cage2_crop.jpg')], min_score: 0.5, search_mode: 'ACCURATE' };
    const found = await faces<{ name: string }[]>('/search', probe);
    expect(found.map(({ name }) => name)).toEqual(['cage']);
  });

  it('keep all but the gateway off the public address', async () => {
    for (const name of [
      'edge-liveness-inference',
      'edge-liveness-faces',
      'edge-liveness-gallery',
      'edge-liveness-sessions',
      'edge-liveness-stream',
      'edge-liveness-video',
      'edge-liveness-pages',
    ]) {
      expect((await server.getWorker(name).fetch('/')).status).toBe(404);
    }
  });
});
