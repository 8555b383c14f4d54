import { env } from 'cloudflare:workers';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Health } from '#shared/contract/health.ts';
import { callData, callJson } from '#shared/testing/call-gateway.ts';
import { quietWorkers } from '#shared/testing/quiet-workers.ts';
import { seedDatabase } from '#shared/testing/seeded-database.ts';
import type { GatewayEnv } from '../../env.ts';

beforeAll(seedDatabase);

const unreachable = { UPSTASH_REDIS_REST_URL: 'http://127.0.0.1:9', UPSTASH_REDIS_REST_TOKEN: 'x' };
const brokenDatabase = {
  prepare: () => {
    throw new Error('D1_ERROR: Network connection lost');
  },
} as unknown as D1Database;
const brokenInference = { loadedWeights: () => Promise.reject(new Error('gone')) } as GatewayEnv['INFERENCE'];
const brokenFaces = { loadedWeights: async () => ({ ok: false, reason: 'x' }) } as unknown as GatewayEnv['FACES'];
const keyless = { ready: async () => ({ ok: false, reason: 'failed' }) } as unknown as GatewayEnv['GALLERIES'];
const brokenGallery = { ready: () => Promise.reject(new Error('gone')) } as unknown as GatewayEnv['GALLERIES'];
const brokenSessions = { ready: () => Promise.reject(new Error('gone')) } as unknown as GatewayEnv['SESSIONS'];
const silentInference = { loadedWeights: () => new Promise(() => undefined) } as unknown as GatewayEnv['INFERENCE'];
const partialInference = {
  loadedWeights: () => Promise.resolve({ ok: true, weights: ['face-detector'] }),
} as GatewayEnv['INFERENCE'];

const quiet = quietWorkers();

// Others of the gateway's Workers are real. They start before a probe is waiting for them.
beforeAll(async () => {
  await Promise.all([env.GALLERIES.ready(), env.SESSIONS.ready()]);
});

describe('GET /health', () => {
  it('asks every dependency and lists the models whose weights are running', async () => {
    const weights = ['face-detector', 'texture-liveness', 'texture-recapture', 'face-landmarks'];
    const inference = { ok: true, weights } as const;
    const loaded = { loadedWeights: () => Promise.resolve(inference) } as unknown as GatewayEnv['INFERENCE'];
    const FACES = { loadedWeights: async () => inference } as unknown as GatewayEnv['FACES'];
    const health = await callData<Health>('/health', { env: { INFERENCE: loaded, FACES } });
    expect(health).toMatchObject({
      status: 'healthy',
      version: '2.1.0',
      environment: 'development',
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
    expect(health.models_loaded).toContain('mixed-30-v2');
  });

  it.each([
    ['Redis does not answer', unreachable, { redis: 'error', inference: 'ok' }],
    ['inference fails', { INFERENCE: brokenInference }, { inference: 'error', faces: 'ok' }],
    ['the face Worker fails', { FACES: brokenFaces }, { faces: 'error', inference: 'ok' }],
    ['the gallery has no key', { GALLERIES: keyless }, { gallery: 'error', sessions: 'ok' }],
    ['the gallery throws', { GALLERIES: brokenGallery }, { gallery: 'error', sessions: 'ok' }],
    ['sessions throw', { SESSIONS: brokenSessions }, { sessions: 'error', gallery: 'ok' }],
    ['inference is silent', { INFERENCE: silentInference }, { inference: 'error', faces: 'ok' }],
  ])('is degraded when %s', async (_name, broken, dependencies) => {
    const health = await callData<Health>('/health', { env: { ...quiet, ...broken } });
    expect(health).toMatchObject({ status: 'degraded', dependencies });
    if (health.dependencies.inference === 'error') expect(health.models_loaded).toEqual([]);
  });

  it('lists no model whose weights are not all there', async () => {
    expect(
      (await callData<Health>('/health', { env: { ...quiet, INFERENCE: partialInference } })).models_loaded,
    ).toEqual([]);
  });

  it('is 503 without the database, and says which dependency it is', async () => {
    const { response, body } = await callJson('/health', {
      env: { ...quiet, DB: brokenDatabase, INFERENCE: partialInference },
    });
    expect([response.status, response.headers.get('x-error-code')]).toEqual([503, 'service_unavailable']);
    expect(response.headers.get('retry-after')).toBe('5');
    expect(body).toMatchObject({ data: null, success: false, dependencies: { database: 'error', inference: 'ok' } });
  });
});
