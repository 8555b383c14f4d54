import { createTestHarness } from 'wrangler';
import { applyMigrationsAndSeed } from './start-seeded-worker.ts';

export interface LocalServer {
  baseUrl: string;
  /** For what no call can bring about: above all, that time has passed. */
  database: D1Database;
  stop(): Promise<void>;
}

/** Everything, as `npm run dev` serves it, on a port and with a database of its own. */
export async function startLocalServer(): Promise<LocalServer> {
  const server = createTestHarness({ workers: [{ configPath: 'wrangler.toml' }] });
  const { url } = await server.listen();
  const { DB } = await server.getWorker<{ DB: D1Database }>().getEnv();
  await applyMigrationsAndSeed(DB);
  return { baseUrl: url.origin, database: DB, stop: () => server.close() };
}
