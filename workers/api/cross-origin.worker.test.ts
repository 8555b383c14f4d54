import { env } from 'cloudflare:workers';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { call, callData } from '#shared/testing/call-gateway.ts';
import { quietWorkers } from '#shared/testing/quiet-workers.ts';
import { seedDatabase } from '#shared/testing/seeded-database.ts';

const ACME = 'sk-local-acme';
const GLOBEX = 'sk-local-globex';

beforeAll(seedDatabase);
beforeEach(async () => {
  await env.DB.prepare('DELETE FROM allowed_hosts').run();
});

async function allow(key: string, origin: string): Promise<void> {
  await callData('/api/v1/hosts', { method: 'POST', key, body: { origin } });
}

function preflight(origin: string, path = '/api/v1/keys'): Promise<Response> {
  const headers = {
    origin,
    'access-control-request-method': 'POST',
    'access-control-request-headers': 'x-api-key,x-model-version,content-type',
  };
  return call(path, { method: 'OPTIONS', headers });
}

const allowedOrigin = (response: Response) => response.headers.get('access-control-allow-origin');

describe('a preflight', () => {
  it('is granted for a host of any organisation, for it carries no key', async () => {
    await allow(GLOBEX, 'https://app.globex.example');
    const response = await preflight('https://app.globex.example');
    expect(response.status).toBe(204);
    expect(allowedOrigin(response)).toBe('https://app.globex.example');
    expect(response.headers.get('access-control-allow-headers')?.toLowerCase()).toContain('x-model-version');
    expect(response.headers.get('access-control-allow-methods')).toContain('DELETE');
    expect(response.headers.get('vary')?.toLowerCase()).toContain('origin');
  });

  it('is granted for a route that comes later, too', async () => {
    await allow(ACME, 'https://app.acme.example');
    expect(allowedOrigin(await preflight('https://app.acme.example', '/api/v1/fast-check'))).toBe(
      'https://app.acme.example',
    );
  });

  it.each([
    ['another host', 'https://evil.example'],
    ['another scheme', 'http://app.acme.example'],
    ['another port', 'https://app.acme.example:8443'],
    ['a subdomain of an exact host', 'https://x.app.acme.example'],
    ['a lookalike', 'https://app.acme.example.evil.com'],
    ['no origin at all', 'null'],
    ['a pattern sent as an origin', 'https://*.wild.example'],
    ['the bare domain of a wildcard', 'https://wild.example'],
    ['a suffix without a dot', 'https://notwild.example'],
  ])('is not granted for %s', async (_name, origin) => {
    await allow(ACME, 'https://app.acme.example');
    await allow(ACME, 'https://*.wild.example');
    expect(allowedOrigin(await preflight(origin))).toBeNull();
  });

  it.each(['https://a.wild.example', 'https://a.b.wild.example'])('is granted below a wildcard: %s', async (origin) => {
    await allow(ACME, 'https://*.wild.example');
    expect(allowedOrigin(await preflight(origin))).toBe(origin);
  });
});

describe('an answer', () => {
  it('is readable for a host of the key that asked, model headers included', async () => {
    await allow(ACME, 'https://app.acme.example');
    const response = await call('/api/v1/models', { key: ACME, headers: { origin: 'https://app.acme.example' } });
    expect(allowedOrigin(response)).toBe('https://app.acme.example');
    const exposed = response.headers.get('access-control-expose-headers') ?? '';
    for (const name of [
      'X-Moveris-Model-Resolved',
      'X-Moveris-Suggested-Model',
      'Sunset',
      'Deprecation',
      'X-Error-Code',
    ]) {
      expect(exposed).toContain(name);
    }
  });

  it('is not readable for a host of another organisation', async () => {
    await allow(GLOBEX, 'https://app.globex.example');
    const response = await call('/api/v1/models', { key: ACME, headers: { origin: 'https://app.globex.example' } });
    expect([response.status, allowedOrigin(response)]).toEqual([200, null]);
  });

  it('that refuses the key is readable, so that a page can say why', async () => {
    await allow(ACME, 'https://app.acme.example');
    const response = await call('/api/v1/models', { key: 'sk-wrong', headers: { origin: 'https://app.acme.example' } });
    expect([response.status, allowedOrigin(response)]).toEqual([401, 'https://app.acme.example']);
  });

  it('stops being readable when the host is removed', async () => {
    await allow(ACME, 'https://app.acme.example');
    const [host] = (await callData<{ items: { id: string }[] }>('/api/v1/hosts', { key: ACME })).items;
    expect(allowedOrigin(await preflight('https://app.acme.example'))).not.toBeNull();
    await callData(`/api/v1/hosts/${host?.id}`, { method: 'DELETE', key: ACME });
    expect(allowedOrigin(await preflight('https://app.acme.example'))).toBeNull();
  });
});

describe('without a database', () => {
  it('no origin is granted', async () => {
    await allow(ACME, 'https://fresh.acme.example');
    const broken = {
      prepare: () => {
        throw new Error('D1_ERROR: Network connection lost');
      },
    } as unknown as D1Database;
    const headers = { origin: 'https://fresh.acme.example', 'access-control-request-method': 'GET' };
    expect(allowedOrigin(await call('/api/v1/models', { method: 'OPTIONS', headers, env: { DB: broken } }))).toBeNull();
  });
});

it('documents and health are readable from anywhere', async () => {
  const headers = { origin: 'https://anywhere.example' };
  for (const path of ['/openapi.json', '/postman.json', '/health']) {
    expect(allowedOrigin(await call(path, { headers, env: quietWorkers() }))).toBe('*');
  }
});
