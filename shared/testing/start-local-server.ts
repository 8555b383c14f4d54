import { createTestHarness } from 'wrangler';
import { applyMigrationsAndSeed } from './start-seeded-worker.ts';

/** Everything, as `npm run dev` serves it, on a port and with a database of its own. */
export async function startLocalServer(): Promise<{ baseUrl: string; stop(): Promise<void> }> {
  const server = createTestHarness({ workers: [{ configPath: 'wrangler.toml' }] });
  const { url } = await server.listen();
  const { DB } = await server.getWorker<{ DB: D1Database }>().getEnv();
  await applyMigrationsAndSeed(DB);
  return { baseUrl: url.origin, stop: () => server.close() };
}
