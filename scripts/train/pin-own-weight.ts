import { spawnSync } from 'node:child_process';
import { hash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { parseManifest, type WeightKey } from '../../models/manifest.ts';
import { repositoryRoot } from '../repository-root.ts';

const BIOME = `${repositoryRoot}/node_modules/@biomejs/biome/bin/biome`;

/** Writes the digest of a network of ours, as it lies there now, into the manifest. */
export async function pinOwnWeight(modelsDirectory: string, key: WeightKey): Promise<void> {
  const file = `${modelsDirectory}/manifest.json`;
  const manifest = parseManifest(JSON.parse(await readFile(file, 'utf8')));
  const weight = manifest.own.find((own) => own.key === key);
  if (!weight) throw new Error(`models/manifest.json has no ${key} of ours`);
  const bytes = await readFile(`${modelsDirectory}/${weight.file}`);
  weight.sha256 = hash('sha256', bytes, 'hex');
  weight.bytes = bytes.byteLength;
  // An empty file is no network, and a manifest that says so would not be read again.
  await writeFile(file, formatted(JSON.stringify(parseManifest(manifest), null, 2)));
}

/** As the linter of this repository wants it: short lists on one line. */
function formatted(json: string): string {
  const args = ['format', '--stdin-file-path=models/manifest.json'];
  const run = { cwd: repositoryRoot, input: json, encoding: 'utf8' } as const;
  const { status, stdout, stderr } = spawnSync(process.execPath, [BIOME, ...args], run);
  if (status !== 0) throw new Error(`biome cannot format models/manifest.json: ${stderr}`);
  return stdout;
}
