// npm run deploy [-- --dry-run]: builds every production Worker and says how large it is; without --dry-run it then makes
// the database, the bucket and the queues, migrates and uploads, gateway last. A step that fails stops everything after it.
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { describeSizes, findDatabaseId, gzippedUploadBytes, withDatabaseId } from './deploy-steps.ts';
import {
  configPath,
  D1_DATABASE_NAME,
  DEPLOYABLES,
  DEPLOYABLES_WITH_DATABASE,
  deployConfigPath,
  QUEUE_NAMES,
  R2_BUCKET_NAME,
  UPLOAD_LIMIT_BYTES,
} from './deployables.ts';
import { prepare } from './prepare.ts';
import { repositoryRoot } from './repository-root.ts';
import { runWrangler, WranglerFailed } from './run-wrangler.ts';

const BUILD_FOLDER = `${repositoryRoot}/.wrangler/build`;

const { values: options } = parseArgs({ options: { 'dry-run': { type: 'boolean', default: false } } });

try {
  await prepare((line) => console.log(line));
  await buildAll();
  if (options['dry-run']) console.log('\nDry run: nothing was uploaded.');
  else await uploadAll();
} catch (error) {
  console.error(`\n${error instanceof Error ? error.message : String(error)}`);
  process.exit(1);
}

async function buildAll(): Promise<void> {
  await rm(BUILD_FOLDER, { recursive: true, force: true });
  const built = [];
  for (const name of DEPLOYABLES) {
    const folder = `${BUILD_FOLDER}/${name}`;
    await mkdir(folder, { recursive: true });
    console.log(`Building ${name}`);
    await runWrangler(['deploy', '--dry-run', '--minify', '-c', configPath(name), '--outdir', folder]);
    built.push({ name, gzippedBytes: await gzippedUploadBytes(folder) });
  }
  console.log(`\n${describeSizes(built, UPLOAD_LIMIT_BYTES)}`);
  const tooLarge = built.filter(({ gzippedBytes }) => gzippedBytes > UPLOAD_LIMIT_BYTES);
  if (tooLarge.length > 0) throw new Error(`Over the limit: ${tooLarge.map(({ name }) => name).join(', ')}`);
}

async function uploadAll(): Promise<void> {
  const databaseId = await findOrMakeDatabase();
  for (const name of DEPLOYABLES_WITH_DATABASE) {
    const config = await readFile(`${repositoryRoot}/${configPath(name)}`, 'utf8');
    await writeFile(
      `${repositoryRoot}/${deployConfigPath(name)}`,
      withDatabaseId(config, D1_DATABASE_NAME, databaseId),
    );
  }
  await make(['r2', 'bucket'], R2_BUCKET_NAME);
  for (const name of QUEUE_NAMES) await make(['queues'], name);
  // The schema first: the code that is running understands additions, while new code does not understand their absence.
  await runWrangler(['d1', 'migrations', 'apply', 'DB', '--remote', '-c', deployConfigPath('api')], { echo: true });
  for (const name of DEPLOYABLES) {
    const config = DEPLOYABLES_WITH_DATABASE.includes(name) ? deployConfigPath(name) : configPath(name);
    await runWrangler(['deploy', '--minify', '-c', config], { echo: true });
  }
  console.log('\nDeployed. Face search needs a key of its own, once; do not lose it:');
  console.log('  openssl rand -base64 32 | npx wrangler secret put FACE_DATA_KEY -c workers/gallery/wrangler.toml');
  console.log('Make the first organisation and its key with:');
  console.log('  npm run admin -- create-organisation --slug acme --name "Acme" --credits 1000 --remote');
}

async function findOrMakeDatabase(): Promise<string> {
  const find = async () => findDatabaseId(await runWrangler(['d1', 'list', '--json']), D1_DATABASE_NAME);
  const known = await find();
  if (known !== null) return known;
  await runWrangler(['d1', 'create', D1_DATABASE_NAME], { echo: true });
  const made = await find();
  if (made === null) throw new Error(`The database ${D1_DATABASE_NAME} was made but is not listed; try again.`);
  return made;
}

/** What cannot be looked up is made; if the reason was another, making it fails, too, and says so. */
async function make(kind: string[], name: string): Promise<void> {
  try {
    await runWrangler([...kind, 'info', name]);
  } catch (error) {
    if (!(error instanceof WranglerFailed)) throw error;
    await runWrangler([...kind, 'create', name], { echo: true });
  }
}
