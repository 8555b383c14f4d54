import { fork } from 'node:child_process';
import { once } from 'node:events';
import { z } from 'zod';
import { repositoryRoot } from '../repository-root.ts';

/** Starts `native-peer.ts` in a process of its own. */
export async function startNativePeer(): Promise<{ baseUrl: string; stop(): void }> {
  const child = fork(`${repositoryRoot}/scripts/bench/native-peer.ts`, { cwd: repositoryRoot });
  const failed = once(child, 'exit').then(([code]) => {
    throw new Error(`the native peer ended with code ${code}`);
  });
  const [address] = await Promise.race([once(child, 'message'), failed]);
  // From here on its end shows as a request that fails.
  failed.catch(() => undefined);
  return { baseUrl: `http://127.0.0.1:${Address.parse(address).port}`, stop: () => child.kill() };
}

const Address = z.object({ port: z.int() });
