import { createExecutionContext } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { beforeAll, describe, expect, it } from 'vitest';
import { ErrorEnvelope } from '#shared/contract/envelope.ts';
import { call, callJson } from '#shared/testing/call-gateway.ts';
import { seedDatabase } from '#shared/testing/seeded-database.ts';
import { createApp } from './app.ts';

const ACME = 'sk-local-acme';

beforeAll(seedDatabase);

interface Case {
  name: string;
  path: string;
  method?: string;
  key?: string;
  headers?: Record<string, string>;
  body?: unknown;
  status: number;
  code: string;
  errors?: Record<string, string[]>[];
}

const cases: Case[] = [
  {
    name: 'no key',
    path: '/api/v1/keys',
    status: 401,
    code: 'invalid_key',
    errors: [{ invalid_key: ['Not authenticated'] }],
  },
  { name: 'an unknown key', path: '/api/v1/keys', key: 'sk-nobody', status: 401, code: 'invalid_key' },
  { name: 'an enormous key', path: '/api/v1/keys', key: 'x'.repeat(5000), status: 401, code: 'invalid_key' },
  {
    name: 'a suspended organisation',
    path: '/api/v1/keys',
    key: 'sk-local-suspended',
    status: 402,
    code: 'account_suspended',
  },
  { name: 'a missing scope', path: '/api/v1/keys', key: 'sk-local-acme-read', status: 403, code: 'insufficient_scope' },
  { name: 'an unknown route', path: '/api/v1/nothing', key: ACME, status: 404, code: 'not_found' },
  { name: 'the root', path: '/', status: 404, code: 'not_found' },
  { name: 'a trailing slash', path: '/api/v1/keys/', key: ACME, status: 404, code: 'not_found' },
  {
    name: 'an unknown resource',
    path: '/api/v1/keys/3f1c9a52-7f0e-4a55-9d0b-0d3c3b8f2a11',
    key: ACME,
    status: 404,
    code: 'not_found',
  },
  {
    name: 'an id that is none',
    path: '/api/v1/keys/1',
    key: ACME,
    status: 400,
    code: 'validation_error',
    errors: [{ key_id: ['key_id must be a valid uuid'] }],
  },
  { name: 'a wrong method', path: '/api/v1/keys', method: 'PUT', key: ACME, status: 405, code: 'method_not_allowed' },
  { name: 'a wrong method on /health', path: '/health', method: 'POST', status: 405, code: 'method_not_allowed' },
  {
    name: 'a wrong method on the document',
    path: '/openapi.json',
    method: 'DELETE',
    status: 405,
    code: 'method_not_allowed',
  },
  {
    name: 'no content type',
    path: '/api/v1/keys',
    method: 'POST',
    key: ACME,
    headers: { 'content-type': '' },
    body: '{}',
    status: 415,
    code: 'unsupported_media_type',
  },
  {
    name: 'a form',
    path: '/api/v1/keys',
    method: 'POST',
    key: ACME,
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: 'name=x',
    status: 415,
    code: 'unsupported_media_type',
  },
  {
    name: 'a body over the limit',
    path: '/api/v1/keys',
    method: 'POST',
    key: ACME,
    body: { name: 'x'.repeat(70_000) },
    status: 413,
    code: 'payload_too_large',
  },
  {
    name: 'broken JSON',
    path: '/api/v1/keys',
    method: 'POST',
    key: ACME,
    body: '{"name":',
    status: 400,
    code: 'invalid_json',
  },
  {
    name: 'an empty body',
    path: '/api/v1/keys',
    method: 'POST',
    key: ACME,
    headers: { 'content-type': 'application/json' },
    status: 400,
    code: 'invalid_json',
  },
  {
    name: 'a missing field',
    path: '/api/v1/keys',
    method: 'POST',
    key: ACME,
    body: {},
    status: 400,
    code: 'missing_field',
    errors: [{ name: ['name is required'] }],
  },
  {
    name: 'null for a body',
    path: '/api/v1/keys',
    method: 'POST',
    key: ACME,
    body: 'null',
    status: 400,
    code: 'validation_error',
    errors: [{ body: ['body must be an object'] }],
  },
  {
    name: 'a list for a body',
    path: '/api/v1/keys',
    method: 'POST',
    key: ACME,
    body: [],
    status: 400,
    code: 'validation_error',
  },
  {
    name: 'a mistyped field',
    path: '/api/v1/keys',
    method: 'POST',
    key: ACME,
    body: { name: 'x', scope: ['keys:read'] },
    status: 400,
    code: 'validation_error',
    errors: [{ scope: ['scope is not a known field'] }],
  },
  {
    name: 'a prototype in the body',
    path: '/api/v1/keys',
    method: 'POST',
    key: ACME,
    body: '{"name":"x","__proto__":{"scopes":[]}}',
    status: 400,
    code: 'validation_error',
  },
  {
    name: 'a wrong item in a list',
    path: '/api/v1/keys',
    method: 'POST',
    key: ACME,
    body: { name: 'x', scopes: ['keys:read', 'root'] },
    status: 400,
    code: 'validation_error',
  },
  {
    name: 'a wrong type',
    path: '/api/v1/keys',
    method: 'POST',
    key: ACME,
    body: { name: 7 },
    status: 400,
    code: 'validation_error',
    errors: [{ name: ['name must be a string'] }],
  },
  {
    name: 'an expiry in the past',
    path: '/api/v1/keys',
    method: 'POST',
    key: ACME,
    body: { name: 'x', expires_at: '2020-01-01T00:00:00Z' },
    status: 400,
    code: 'validation_error',
  },
  {
    name: 'a limit out of range',
    path: '/api/v1/keys?limit=101',
    key: ACME,
    status: 400,
    code: 'validation_error',
    errors: [{ limit: ['limit must be at most 100'] }],
  },
  { name: 'a made-up cursor', path: '/api/v1/keys?cursor=abc', key: ACME, status: 400, code: 'validation_error' },
];

describe('every error', () => {
  it.each(cases)('$name: $status $code', async ({ path, method, key, headers, body, status, code, errors }) => {
    const { response, body: answer } = await callJson(path, {
      ...(method && { method }),
      ...(key && { key }),
      ...(headers && { headers }),
      ...(body !== undefined && { body }),
    });
    expect(answer).toMatchObject({ data: null, success: false });
    expect(ErrorEnvelope.strict().parse(answer)).toBeTruthy();
    expect([response.status, response.headers.get('x-error-code')]).toEqual([status, code]);
    expect(answer.message).toBe(Object.values(answer.errors?.[0] ?? {})[0]?.[0]);
    if (errors) expect(answer.errors).toEqual(errors);
    expect(response.headers.get('x-request-id')).toBeTruthy();
  });

  it('lists every wrong field, each with its path', async () => {
    const { body } = await callJson('/api/v1/keys', {
      method: 'POST',
      key: ACME,
      body: { scopes: 'all', expires_at: 5 },
    });
    expect(body.errors).toEqual([
      { name: ['name is required'] },
      { scopes: ['scopes must be an array'] },
      { expires_at: ['expires_at must be a string'] },
    ]);
  });

  it('names the methods that a path has', async () => {
    expect((await call('/api/v1/keys', { method: 'PUT' })).headers.get('allow')).toBe('POST, GET, HEAD');
  });

  it('names the scope that is missing', async () => {
    const { body } = await callJson('/api/v1/keys', { key: 'sk-local-acme-read' });
    expect(body.required_scope).toBe('keys:read');
    expect(body.message).toBe('API key lacks required scope: keys:read');
  });

  async function post(body: ReadableStream): Promise<Response> {
    const headers = { 'x-api-key': ACME, 'content-type': 'application/json' };
    // As the platform hands a body over: a stream of bytes.
    const bytes = body.pipeThrough(new IdentityTransformStream());
    const request = new Request('https://api.example.test/api/v1/keys', { method: 'POST', headers, body: bytes });
    return createApp().fetch(request, env, createExecutionContext());
  }

  it('stops reading a body without a length at the limit', async () => {
    let sent = 0;
    const endless = new ReadableStream({
      pull(controller) {
        sent += 1;
        controller.enqueue(new Uint8Array(1024).fill(32));
      },
    });
    expect((await post(endless)).status).toBe(413);
    expect(sent).toBeLessThan(80);
  });

  it('takes a body that breaks off for the fault of the client', async () => {
    const broken = new ReadableStream({
      start(controller) {
        controller.enqueue(new TextEncoder().encode('{"name":'));
      },
      pull(controller) {
        controller.error(new Error('Network connection lost.'));
      },
    });
    const response = await post(broken);
    expect([response.status, response.headers.get('x-error-code')]).toEqual([400, 'invalid_json']);
  });

  it('reads invalid UTF-8 as no JSON', async () => {
    const bytes = new Uint8Array([0x7b, 0x22, 0xff, 0x22, 0x7d]);
    const response = await post(new Blob([bytes]).stream());
    expect([response.status, response.headers.get('x-error-code')]).toEqual([400, 'invalid_json']);
  });
});

describe('the order of checks', () => {
  const broken = { method: 'POST', body: '{', headers: { 'content-type': 'text/plain' } };
  it.each([
    ['key before everything', undefined, 401],
    ['suspension before scope and body', 'sk-local-suspended', 402],
    ['scope before body', 'sk-local-acme-read', 403],
    ['body last', ACME, 415],
  ])('%s', async (_name, key, status) => {
    expect((await call('/api/v1/keys', { ...broken, ...(key && { key }) })).status).toBe(status);
  });
});
