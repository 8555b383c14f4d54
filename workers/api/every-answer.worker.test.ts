import { beforeAll, describe, expect, it } from 'vitest';
import { call } from '#shared/testing/call-gateway.ts';
import { quietWorkers } from '#shared/testing/quiet-workers.ts';
import { seedDatabase } from '#shared/testing/seeded-database.ts';

beforeAll(seedDatabase);

const quiet = quietWorkers();

describe('every answer', () => {
  it('carries a request id, the client one when it is sane', async () => {
    const own = await call('/health', { env: quiet, headers: { 'x-request-id': 'trace-42' } });
    expect(own.headers.get('x-request-id')).toBe('trace-42');
    const forged = await call('/health', { env: quiet, headers: { 'x-request-id': 'a b{}' } });
    expect(forged.headers.get('x-request-id')).not.toBe('a b{}');
  });

  it.each(['/health', '/api/v1/keys', '/nowhere', '/docs', '/docs/', '/assets/none', '/openapi.json', '/postman.json'])(
    'names its request, also when it asks for the password of the documentation: %s',
    async (path) => {
      for (const env of [quiet, { ...quiet, DOCS_BASIC_AUTH: 'reader:sesame' }]) {
        const { status, headers } = await call(path, { env, headers: { 'x-request-id': 'trace-9' } });
        expect(headers.get('x-request-id')).toBe('trace-9');
        expect(headers.has('x-error-code')).toBe(status >= 400);
        expect(headers.get('strict-transport-security')).toContain('max-age=');
        expect(headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
        expect(headers.get('x-content-type-options')).toBe('nosniff');
      }
    },
  );

  it('cannot run, be framed or be sniffed', async () => {
    for (const path of ['/health', '/api/v1/keys', '/nowhere']) {
      const { headers } = await call(path, { env: quiet });
      expect(headers.get('content-security-policy')).toBe("default-src 'none'; frame-ancestors 'none'");
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('x-frame-options')).toBe('DENY');
      expect(headers.get('cache-control')).toBe('no-store');
      expect(headers.get('strict-transport-security')).toContain('max-age=');
    }
  });

  it('answers HEAD like GET, without a body', async () => {
    const response = await call('/api/v1/keys', { method: 'HEAD', key: 'sk-local-acme' });
    expect(response.status).toBe(200);
    expect(await response.text()).toBe('');
  });
});
