import { env } from 'cloudflare:workers';
import { beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { CreatedApiKey } from '#shared/contract/keys.ts';
import { call, callData } from '#shared/testing/call-gateway.ts';
import { seedDatabase } from '#shared/testing/seeded-database.ts';

const lines: string[] = [];

beforeAll(seedDatabase);
beforeEach(() => {
  lines.length = 0;
  for (const method of ['log', 'info', 'warn', 'error', 'debug'] as const) {
    vi.spyOn(console, method).mockImplementation((...parts: unknown[]) => void lines.push(parts.map(String).join(' ')));
  }
});

const parsed = () => lines.map((line) => JSON.parse(line) as Record<string, unknown>);

describe('the log', () => {
  it('has one line for a request', async () => {
    await call('/api/v1/keys', { key: 'sk-local-acme', headers: { 'x-request-id': 'trace-7' } });
    expect(parsed()).toEqual([
      {
        level: 'info',
        event: 'request',
        request_id: 'trace-7',
        method: 'GET',
        route: '/api/v1/keys',
        operation: 'listKeys',
        organisation: 'acme',
        status: 200,
        ms: expect.any(Number),
      },
    ]);
  });

  it('names the error code, and the route by its pattern', async () => {
    await call('/api/v1/keys/3f1c9a52-7f0e-4a55-9d0b-0d3c3b8f2a11', { key: 'sk-local-acme' });
    await call('/nowhere/with/a/secret-path');
    await call('/api/v1/hosts/secret-path', { method: 'PUT' });
    await call('/openapi.json');
    expect(parsed()).toMatchObject([
      { route: '/api/v1/keys/{key_id}', status: 404, error: 'not_found' },
      { route: null, organisation: null, status: 404, error: 'not_found' },
      { route: '/api/v1/hosts/{host_id}', status: 405, error: 'method_not_allowed' },
      { route: '/openapi.json', status: 200 },
    ]);
    expect(lines.join('')).not.toContain('secret-path');
  });

  it('never holds a key, a token, a body or a query, not even when something breaks', async () => {
    const made = await callData<CreatedApiKey>('/api/v1/keys', {
      method: 'POST',
      key: 'sk-local-acme',
      body: { name: 'body-secret' },
    });
    await call('/api/v1/keys?cursor=query-secret', { key: made.key });
    await call('/api/v1/models', { headers: { authorization: 'Bearer token-secret' } });
    await call('/api/v1/keys', { key: 'sk-wrong-secret' });
    const body = { name: 'another body-secret' };
    const response = await call('/api/v1/keys', {
      method: 'POST',
      key: made.key,
      body,
      env: { DB: refusingInserts() },
    });
    expect(response.status).toBe(503);
    expect(await response.text()).not.toContain('D1_ERROR');
    expect(lines.join('')).toContain('Failed query: insert into');
    const log = lines.join('\n');
    expect(lines).toHaveLength(6);
    for (const secret of [made.key, 'secret', 'sk-local-acme']) expect(log).not.toContain(secret);
  });
});

/** The real D1, until something is to be written. */
function refusingInserts(): D1Database {
  return new Proxy(env.DB, {
    get(target, property) {
      if (property !== 'prepare') return Reflect.get(target, property);
      return (sql: string) => {
        const statement = target.prepare(sql);
        return /^insert/i.test(sql) ? refusing(statement) : statement;
      };
    },
  });
}

function refusing(statement: D1PreparedStatement): D1PreparedStatement {
  const refuse = () => Promise.reject(new Error('D1_ERROR: Network connection lost.'));
  return new Proxy(statement, {
    get: (_target, property) => (property === 'bind' ? () => refusing(statement) : refuse),
  });
}
