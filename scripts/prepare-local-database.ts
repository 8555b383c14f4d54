import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { localSeedStatements } from '../shared/db/local-seed.ts';
import { repositoryRoot } from './repository-root.ts';
import { runWrangler } from './run-wrangler.ts';

const MIGRATIONS = `${repositoryRoot}/migrations`;
const DEFAULT_STATE = `${repositoryRoot}/.wrangler/state`;

/** Brings the local D1 to the newest migration and puts the local organisations in. The data in it stays. */
export async function prepareLocalDatabase(log: (line: string) => void, state = DEFAULT_STATE): Promise<void> {
  // Inside the state, so that deleting the database deletes the claim that it is ready, too.
  const stampFile = `${state}/local-database.sha256`;
  const seed = `${(await localSeedStatements()).join(';\n')};\n`;
  const stamp = await stampOf(seed);
  if ((await readFile(stampFile, 'utf8').catch(() => '')) === stamp) return;
  log('Preparing the local database: migrations and the local organisations');
  await mkdir(state, { recursive: true });
  const seedFile = `${state}/local-seed.sql`;
  const local = ['--local', '--persist-to', state];
  await runWrangler(['d1', 'migrations', 'apply', 'DB', ...local]);
  await writeFile(seedFile, seed);
  await runWrangler(['d1', 'execute', 'DB', ...local, '--yes', '--file', seedFile]);
  await rm(seedFile);
  await writeFile(stampFile, stamp);
}

async function stampOf(seed: string): Promise<string> {
  const hash = createHash('sha256').update(seed);
  for (const name of (await readdir(MIGRATIONS)).filter((file) => file.endsWith('.sql')).sort()) {
    hash.update(name).update(await readFile(`${MIGRATIONS}/${name}`));
  }
  return hash.digest('hex');
}
