import { env } from 'cloudflare:workers';
import { beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { call, callJson } from '#shared/testing/call-gateway.ts';
import { seedDatabase } from '#shared/testing/seeded-database.ts';
import { createApp } from '../app.ts';
import { defineOperation } from './operation.ts';

// Operations of kinds that the public API gets later, behind the same checks as all of them.
const submit = defineOperation({
  id: 'submitProbe',
  method: 'POST',
  path: '/api/v1/{tenant_slug}/probe',
  tag: 'Probe',
  summary: 'A tenant-scoped operation',
  access: 'key',
  scope: 'detection:write',
  tenantScoped: true,
  params: z.object({ tenant_slug: z.string() }),
  body: z.strictObject({ text: z.string() }),
  success: { status: 201, data: z.object({ tenant: z.string() }), description: 'Done.' },
  handle: async ({ params }) => ({ tenant: params.tenant_slug }),
});
const fail = defineOperation({
  id: 'failProbe',
  method: 'GET',
  path: '/api/v1/fail',
  tag: 'Probe',
  summary: 'An operation with a fault',
  access: 'key',
  success: { status: 200, data: z.object({}), description: 'Never.' },
  handle: () => Promise.reject(new TypeError('the secret of the fault')),
});
const app = createApp([submit, fail]);

beforeAll(seedDatabase);

describe('a tenant-scoped route', () => {
  const post = (slug: string, key: string, body: unknown = { text: 'x' }) =>
    callJson(`/api/v1/${slug}/probe`, { method: 'POST', key, body, app });

  it('serves the tenant of the key', async () => {
    expect((await post('acme', 'sk-local-acme')).body.data).toEqual({ tenant: 'acme' });
  });

  it.each([
    ['another tenant', 'globex', 403, 'tenant_mismatch'],
    ['a tenant that does not exist', 'nobody', 404, 'tenant_not_found'],
    ['a slug that is none', '%20', 404, 'tenant_not_found'],
  ])('refuses %s, before it reads the body', async (_name, slug, status, code) => {
    const { response } = await post(slug, 'sk-local-acme', 'not an object');
    expect([response.status, response.headers.get('x-error-code')]).toEqual([status, code]);
  });
});

describe('a fault of ours', () => {
  it('is 500 without any detail', async () => {
    const { response, body } = await callJson('/api/v1/fail', { key: 'sk-local-acme', app });
    expect(response.status).toBe(500);
    expect(body).toEqual({
      data: null,
      success: false,
      message: 'Internal error',
      errors: [{ internal_error: ['Internal error'] }],
    });
    expect(response.headers.get('x-error-code')).toBe('internal_error');
  });
});

describe('the rate limit of a route', () => {
  it('lets exactly so many through, announces it, and belongs to one key and one route', async () => {
    const slow = { key: 'sk-local-slow' };
    const answers = await Promise.all(Array.from({ length: 12 }, () => callJson('/api/v1/hosts', slow)));
    const passed = answers.filter(({ response }) => response.status === 200);
    const refused = answers.filter(({ response }) => response.status === 429);
    expect([passed.length, refused.length]).toEqual([5, 7]);
    for (const { response, body } of refused) {
      expect(response.headers.get('x-error-code')).toBe('rate_limit_exceeded');
      expect(Number(response.headers.get('retry-after'))).toBeGreaterThan(0);
      expect(body.retry_after).toBe(Number(response.headers.get('retry-after')));
      expect(response.headers.get('ratelimit-policy')).toBe('"per-key";q=5;w=60');
      expect(response.headers.get('ratelimit')).toMatch(/^"per-key";r=0;t=\d+$/);
    }
    expect((await call('/api/v1/keys', slow)).status).toBe(200);
    expect((await call('/api/v1/hosts', { key: 'sk-local-acme' })).status).toBe(200);
  });

  it('comes before the body', async () => {
    const slow = { key: 'sk-local-slow', method: 'POST', body: '{' };
    for (let i = 0; i < 5; i++) expect((await call('/api/v1/keys', slow)).status).toBe(400);
    expect((await call('/api/v1/keys', slow)).status).toBe(429);
  });

  it('is 240 by default, and follows the numbers of the organisation', async () => {
    const policy = async (path: string) => (await call(path, { key })).headers.get('ratelimit-policy');
    const { key } = { key: 'sk-local-globex' };
    expect(await policy('/api/v1/hosts')).toBe('"per-key";q=240;w=60');
    await env.DB.prepare(
      `UPDATE organisations SET requests_per_minute = 60, requests_per_minute_by_operation = '{"listKeys": 7}' WHERE slug = 'broke'`,
    ).run();
    const broke = async (path: string) => (await call(path, { key: 'sk-local-broke' })).headers.get('ratelimit-policy');
    expect(await broke('/api/v1/hosts')).toBe('"per-key";q=60;w=60');
    expect(await broke('/api/v1/keys')).toBe('"per-key";q=7;w=60');
  });

  it('answers 503 when nothing can count', async () => {
    const broken = { getByName: () => ({ take: () => Promise.reject(new Error('overloaded')) }) };
    const RATE_LIMIT = { ...broken, idFromName: () => ({}), get: broken.getByName } as unknown as typeof env.RATE_LIMIT;
    const { response, body } = await callJson('/api/v1/hosts', { key: 'sk-local-acme', env: { RATE_LIMIT } });
    expect([response.status, body.success]).toEqual([503, false]);
    expect(response.headers.get('retry-after')).toBe('5');
  });
});
