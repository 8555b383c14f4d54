import { readdir, readFile } from 'node:fs/promises';
import { createTestHarness, unstable_splitSqlQuery } from 'wrangler';
import { localSeedStatements } from '../db/local-seed.ts';

export interface SeededWorker {
  url: URL;
  database: D1Database;
  close(): Promise<void>;
}

interface SeededWorkerOptions {
  /** Path of the entry, from the root of the repository. */
  main: string;
  vars?: Record<string, string>;
}

/** A Worker of ours in a workerd of its own, with an empty D1 that gets the real migrations and the local seed. */
export async function startSeededWorker({ main, vars = {} }: SeededWorkerOptions): Promise<SeededWorker> {
  const name = 'seeded-worker';
  const server = createTestHarness({
    workers: [
      {
        config: {
          name,
          main,
          compatibility_date: '2026-10-01',
          compatibility_flags: ['nodejs_compat'],
          vars: { ENVIRONMENT: 'development', ...vars },
          d1_databases: [{ binding: 'DB', database_name: name, database_id: crypto.randomUUID() }],
          durable_objects: { bindings: [{ name: 'RATE_LIMIT', class_name: 'RateLimit' }] },
          migrations: [{ tag: 'v1', new_sqlite_classes: ['RateLimit'] }],
        },
      },
    ],
  });
  const { url } = await server.listen();
  const { DB: database } = await server.getWorker<{ DB: D1Database }>().getEnv();
  await applyMigrationsAndSeed(database);
  return { url, database, close: () => server.close() };
}

export async function applyMigrationsAndSeed(database: D1Database): Promise<void> {
  for (const statement of [...(await migrationStatements()), ...(await localSeedStatements())]) {
    await database.prepare(statement).run();
  }
}

async function migrationStatements(): Promise<string[]> {
  const files = (await readdir('migrations')).filter((file) => file.endsWith('.sql')).sort();
  const texts = await Promise.all(files.map((file) => readFile(`migrations/${file}`, 'utf8')));
  return texts.flatMap((text) => unstable_splitSqlQuery(text));
}
