// Makes a checkout ready to run: weights, pages, local database, seed. Quick when there is nothing to do, so that it can
// run before every `wrangler dev` (the [build] command of wrangler.toml).
import { fileURLToPath } from 'node:url';
import manifest from '../models/manifest.json' with { type: 'json' };
import { parseManifest } from '../models/manifest.ts';
import { prepareWeights } from '../models/prepare-weights.ts';
import { prepareAssets } from '../workers/pages/prepare-assets.ts';
import { prepareLocalDatabase } from './prepare-local-database.ts';
import { repositoryRoot } from './repository-root.ts';

export async function prepare(log: (line: string) => void, state?: string): Promise<void> {
  await prepareWeights({ manifest: parseManifest(manifest), modelsDirectory: `${repositoryRoot}/models`, log });
  await prepareAssets({ repositoryRoot });
  await prepareLocalDatabase(log, state);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  try {
    await prepare((line) => console.log(line));
  } catch (error) {
    console.error(`\n${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(1);
  }
}
