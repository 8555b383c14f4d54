import { applyD1Migrations, type D1Migration } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { localSeedStatements } from '../db/local-seed.ts';

declare global {
  namespace Cloudflare {
    interface Env {
      TEST_MIGRATIONS: D1Migration[];
    }
  }
}

/** The real migrations and the real local seed, in the D1 of this test file. */
export async function seedDatabase(): Promise<void> {
  await applyD1Migrations(env.DB, env.TEST_MIGRATIONS);
  for (const statement of await localSeedStatements()) await env.DB.prepare(statement).run();
}
