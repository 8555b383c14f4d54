import { env } from 'cloudflare:workers';
import { beforeAll, describe, expect, it } from 'vitest';
import { JwkSet } from '#shared/contract/attestations.ts';
import { call, callJson } from '#shared/testing/call-gateway.ts';
import { seedDatabase } from '#shared/testing/seeded-database.ts';
import type { GatewayEnv } from '../../env.ts';
import { KEY_SET_PATH } from './mount-key-set.ts';

const PAGE = { origin: 'https://anybody.example' };

beforeAll(seedDatabase);

/** The sessions Worker, but for what it answers about keys. */
function answeringKeys(publicKeys: GatewayEnv['SESSIONS']['publicKeys']): Partial<GatewayEnv> {
  return { SESSIONS: { ...env.SESSIONS, publicKeys } };
}

describe('the key set', () => {
  it('is there for everybody, and may be kept for an hour', async () => {
    const response = await call(KEY_SET_PATH);
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('application/jwk-set+json');
    expect(response.headers.get('cache-control')).toBe('public, max-age=3600');
    const set = await response.json();
    expect(JwkSet.parse(set)).toEqual(set);
    expect(JwkSet.parse(set).keys).toHaveLength(1);
  });

  it('can be read by any page', async () => {
    expect((await call(KEY_SET_PATH, { headers: PAGE })).headers.get('access-control-allow-origin')).toBe('*');
    const preflight = { ...PAGE, 'access-control-request-method': 'GET' };
    const allowed = await call(KEY_SET_PATH, { method: 'OPTIONS', headers: preflight });
    expect([allowed.status, allowed.headers.get('access-control-allow-origin')]).toEqual([204, '*']);
  });

  it('asks for no password where the reference does', async () => {
    const locked = { DOCS_BASIC_AUTH: 'reader:sesame' };
    expect((await call('/openapi.json', { env: locked })).status).toBe(401);
    expect((await call(KEY_SET_PATH, { env: locked })).status).toBe(200);
  });

  it.each(['POST', 'PUT', 'PATCH', 'DELETE'])('takes no %s', async (method) => {
    const response = await call(KEY_SET_PATH, { method });
    expect([response.status, response.headers.get('allow')]).toEqual([405, 'GET, HEAD']);
    expect(response.headers.get('x-error-code')).toBe('method_not_allowed');
  });

  it.each<[string, GatewayEnv['SESSIONS']['publicKeys']]>([
    ['says that keys cannot be read', async () => ({ ok: false, refusal: { reason: 'unavailable' } })],
    ['does not answer', () => Promise.reject(new Error('the Worker is gone'))],
  ])('is an error that nobody keeps, never an empty set, while the sessions Worker %s', async (_what, publicKeys) => {
    const { response, body } = await callJson(KEY_SET_PATH, { env: answeringKeys(publicKeys), headers: PAGE });
    expect([response.status, response.headers.get('x-error-code')]).toEqual([503, 'service_unavailable']);
    expect(response.headers.get('retry-after')).toBe('5');
    expect(response.headers.get('cache-control')).toBe('no-store');
    expect(response.headers.get('access-control-allow-origin')).toBe('*');
    expect(body).toMatchObject({ success: false, data: null });
  });
});
