import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const READY_WITHIN_MS = 90_000;
export const DEV_SERVER_HOOK_MS = READY_WITHIN_MS + 10_000;

export interface DevServer {
  baseUrl: string;
  /** Everything that it has printed so far. */
  output(): string;
  stop(): Promise<void>;
}

/** `npm run dev` as a newcomer runs it, with a database of its own and from nothing. */
export async function startDevServer(): Promise<DevServer> {
  const state = await mkdtemp(join(tmpdir(), 'dev-state-'));
  const port = await freePort();
  const baseUrl = `http://localhost:${port}`;
  const args = ['scripts/dev.ts', '--port', `${port}`, '--persist-to', state, '--inspector-port', '0'];
  const server = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  const ended = new Promise((resolve) => server.once('exit', resolve));
  let output = '';
  for (const stream of [server.stdout, server.stderr]) stream?.on('data', (text) => (output += text));
  const stop = async () => {
    server.kill('SIGTERM');
    await ended;
    await rm(state, { recursive: true, force: true });
  };
  const deadline = Date.now() + READY_WITHIN_MS;
  while (!(await fetch(`${baseUrl}/health`).catch(() => null))?.ok) {
    if (Date.now() > deadline || server.exitCode !== null) {
      await stop();
      throw new Error(`the server did not start:\n${output}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  return { baseUrl, output: () => output, stop };
}

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
