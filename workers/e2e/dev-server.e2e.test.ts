import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DEV_SERVER_HOOK_MS, type DevServer, startDevServer } from '#shared/testing/start-dev-server.ts';

let server: DevServer;
let baseUrl = '';

beforeAll(async () => {
  server = await startDevServer();
  baseUrl = server.baseUrl;
}, DEV_SERVER_HOOK_MS);
afterAll(() => server.stop());

const get = (path: string, headers: Record<string, string>) => fetch(`${baseUrl}${path}`, { headers });
const withKey = (path: string, key: string) => get(path, { 'x-api-key': key });

describe('npm run dev', () => {
  it('first says what is served, with a line that can be pasted', async () => {
    const firstLines = server.output().split('\n').slice(0, 10);
    expect(firstLines.join('\n')).toContain(baseUrl);
    const line = firstLines.find((text) => text.trim().startsWith('curl '))?.trim() ?? '';
    const { stdout } = await promisify(execFile)('bash', ['-c', line]);
    expect(JSON.parse(stdout)).toMatchObject({ success: true });
  });

  it.each([
    ['sk-local-acme', '/api/v1/keys', 200],
    ['sk-local-acme-read', '/api/v1/keys', 403],
    ['sk-local-globex', '/api/v1/keys', 200],
    ['sk-local-broke', '/api/v1/credits', 200],
    ['sk-local-suspended', '/api/v1/keys', 402],
    ['sk-local-nobody', '/api/v1/keys', 401],
  ])('%s on %s is answered %i', async (key, path, status) => {
    expect((await withKey(path, key)).status).toBe(status);
  });

  it('gives the seeded organisations their credits', async () => {
    const balanceOf = async (key: string) => {
      const { data } = (await (await withKey('/api/v1/credits', key)).json()) as { data: { balance: number } };
      return data.balance;
    };
    expect(await balanceOf('sk-local-acme')).toBe(1_000_000);
    expect(await balanceOf('sk-local-broke')).toBe(0);
  });

  it('gives sk-local-slow five requests a minute on each route, sk-local-acme 100,000', async () => {
    const statuses = await Promise.all(
      Array.from({ length: 8 }, async () => (await withKey('/api/v1/hosts', 'sk-local-slow')).status),
    );
    expect(statuses.sort()).toEqual([200, 200, 200, 200, 200, 429, 429, 429]);
    expect((await withKey('/api/v1/models', 'sk-local-slow')).status).toBe(200);
    expect((await withKey('/api/v1/hosts', 'sk-local-acme')).headers.get('ratelimit-policy')).toContain('q=100000');
  });

  it('takes the local app-to-app token for the models', async () => {
    expect((await get('/api/v1/models', { authorization: 'Bearer local-app-token' })).status).toBe(200);
  });

  it('loads the models and serves the reference', async () => {
    const { data } = (await (await get('/health', {})).json()) as { data: { status: string; models_loaded: string[] } };
    expect([data.status, data.models_loaded.length > 0]).toEqual(['healthy', true]);
    expect((await get('/docs', {})).headers.get('content-type')).toContain('text/html');
  });
});
