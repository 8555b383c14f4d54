import { env } from 'cloudflare:workers';
import { describe, expect, it } from 'vitest';
import { call } from '#shared/testing/call-gateway.ts';

const PAGE = '/verify/0199aaaa-bbbb-7ccc-8ddd-eeeeffff0000';
const WITH_PASSWORD = { DOCS_BASIC_AUTH: 'reader:sesame' };

/** The whole gateway: what is open depends on what is mounted first. */
const ask = (path: string, options = {}) => call(path, { env: WITH_PASSWORD, ...options });

async function addressesOf(path: string): Promise<string[]> {
  const text = await (await env.PAGES.fetch(`https://api.example.test${path}`)).text();
  return text.match(/\/assets\/[^"']+/g) ?? [];
}

describe('the page for a person', () => {
  it('and all that it names ask for no password where the reference does', async () => {
    const named = [...(await addressesOf(PAGE)), ...(await addressesOf('/embed/liveness-check.js'))];
    expect(named.length).toBeGreaterThanOrEqual(4);
    for (const path of [PAGE, `${PAGE}/`, '/embed/liveness-check.js', ...named]) {
      expect.soft({ path, status: (await ask(path)).status }).toEqual({ path, status: 200 });
    }
  });

  it.each(['/docs', '/assets/swagger-ui-5.35.0/swagger-ui.css', '/assets/verify-me/x.js', '/assets/capture-/x.js'])(
    'opens nothing else: %s',
    async (path) => {
      expect((await ask(path)).status).toBe(401);
    },
  );

  it('keeps the headers of the page', async () => {
    const { headers } = await ask(PAGE);
    expect(headers.get('content-security-policy')).toContain("'wasm-unsafe-eval'");
    expect(headers.get('permissions-policy')).toContain('camera=(self)');
    expect(headers.get('cache-control')).toBe('no-store');
  });

  it.each(['POST', 'PUT', 'DELETE'])('takes no %s', async (method) => {
    const response = await ask(PAGE, { method });
    expect([response.status, response.headers.get('allow')]).toEqual([405, 'GET, HEAD']);
  });

  it.each(['/verify/none', '/embed/none.js', '/assets/verify-0123456789ab/none.js'])(
    'is not found at %s, and says so as the API does',
    async (path) => {
      const response = await ask(path);
      expect([response.status, response.headers.get('x-error-code')]).toEqual([404, 'not_found']);
    },
  );
});
