import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

// `npm run dev` as a newcomer runs it, with a database of its own and from nothing.
const READY_WITHIN_MS = 90_000;
let server: ChildProcess;
let state = '';
let output = '';
let baseUrl = '';

beforeAll(async () => {
  state = await mkdtemp(join(tmpdir(), 'dev-state-'));
  const port = await freePort();
  baseUrl = `http://localhost:${port}`;
  const args = ['scripts/dev.ts', '--port', `${port}`, '--persist-to', state, '--inspector-port', '0'];
  server = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  for (const stream of [server.stdout, server.stderr]) stream?.on('data', (text) => (output += text));
  const deadline = Date.now() + READY_WITHIN_MS;
  while (!(await fetch(`${baseUrl}/health`).catch(() => null))?.ok) {
    if (Date.now() > deadline || server.exitCode !== null) throw new Error(`the server did not start:\n${output}`);
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}, READY_WITHIN_MS + 10_000);

afterAll(async () => {
  const ended = new Promise((resolve) => server.once('exit', resolve));
  server.kill('SIGTERM');
  await ended;
  await rm(state, { recursive: true, force: true });
});

const get = (path: string, headers: Record<string, string>) => fetch(`${baseUrl}${path}`, { headers });
const withKey = (path: string, key: string) => get(path, { 'x-api-key': key });

describe('npm run dev', () => {
  it('first says what is served, with a line that can be pasted', async () => {
    const firstLines = output.split('\n').slice(0, 10);
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

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.on('error', reject);
    probe.listen(0, () => {
      const address = probe.address();
      probe.close(() =>
        typeof address === 'object' && address ? resolve(address.port) : reject(new Error('no port')),
      );
    });
  });
}
