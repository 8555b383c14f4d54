import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClient } from '@redis/client';
import { requiredProgram } from './required-program.ts';

const START_TIMEOUT_MS = 10_000;

const REDIS_SERVER = {
  names: ['redis-server'],
  install: ['apt-get install redis-server', 'brew install redis'],
};

/** False where Redis is not installed, and this was said; throws instead where CI is `true`. */
export function redisServerAvailable(): boolean {
  return requiredProgram(REDIS_SERVER) !== undefined;
}

/** RESP2 is what the Upstash REST protocol carries. Without a connection a command rejects at once: nothing is queued. */
function newClient(path: string) {
  return createClient({
    RESP: 2,
    disableOfflineQueue: true,
    socket: { path, tls: false, reconnectStrategy: false },
  }).on('error', () => {
    // Said again by the command that fails for it.
  });
}

type RedisClient = ReturnType<typeof newClient>;

/** A real redis-server in memory, on a Unix socket: no port that another process could take between two starts. */
export async function startRedisServer() {
  const program = requiredProgram(REDIS_SERVER);
  if (program === undefined) throw new Error('redis-server is not installed');
  const directory = await mkdtemp(join(tmpdir(), 'redis-'));
  const socket = join(directory, 'redis.sock');
  let running: { process: ChildProcess; client: RedisClient } | undefined;

  async function start(): Promise<void> {
    const child = spawn(
      program as string,
      ['--port', '0', '--unixsocket', socket, '--dir', directory, '--save', '', '--appendonly', 'no'],
      { stdio: 'ignore' },
    );
    killWithUs.add(child);
    running = { process: child, client: await connect(child, socket) };
  }

  /** SIGKILL: no goodbye to the client, and everything in memory is gone. */
  async function kill(): Promise<void> {
    if (running === undefined) return;
    const { process: child, client } = running;
    running = undefined;
    const exited = once(child, 'exit');
    child.kill('SIGKILL');
    await exited;
    killWithUs.delete(child);
    if (client.isOpen) client.destroy();
  }

  await start();
  return {
    /** Rejects when Redis is dead. */
    client(): RedisClient {
      if (running === undefined) throw new Error('redis-server is not running');
      return running.client;
    },
    kill,
    restart: start,
    async stop(): Promise<void> {
      await kill();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

async function connect(child: ChildProcess, socket: string): Promise<RedisClient> {
  const deadline = Date.now() + START_TIMEOUT_MS;
  while (child.exitCode === null && Date.now() < deadline) {
    const client = newClient(socket);
    const connected = await client.connect().then(
      () => true,
      () => false,
    );
    if (connected) return client;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  child.kill('SIGKILL');
  throw new Error(`redis-server did not start (exit code ${child.exitCode})`);
}

/** A test run that is stopped in the middle leaves no server behind. */
const killWithUs = new Set<ChildProcess>();
process.on('exit', () => {
  for (const child of killWithUs) child.kill('SIGKILL');
});
