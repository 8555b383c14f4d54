// npm run admin -- <command>: what the operator of a deployment does and its customers may not: organisations, credits,
// suspension, limits, signing keys. Works on the local database; with --remote on the one in the Cloudflare account.
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { mintKey } from '../shared/db/new-key.ts';
import { type AdminCommand, AdminUsage, adminSql, explainRefusal, readCommand } from './admin-commands.ts';
import { deployConfigPath } from './deployables.ts';
import { prepareLocalDatabase } from './prepare-local-database.ts';
import { repositoryRoot } from './repository-root.ts';
import { runWrangler } from './run-wrangler.ts';

const HELP = `Usage: npm run admin -- <command> [--remote]

  create-organisation --slug acme --name "Acme" [--credits 1000]   and a first key that may do everything
  create-key          --slug acme --name "Operations"              a further key that may do everything
  grant-credits       --slug acme --credits 1000 --reference invoice-17
  suspend             --slug acme
  resume              --slug acme
  limit               --slug acme --requests-per-minute 600
  metadata-schema     --slug acme --schema '{"required":["channel"]}'   that metadata of videos must fit; or --schema none
  revoke-signing-key  --kid abc...   of a key that leaked: what it signed is to be believed no more
  retire-signing-key  --kid abc...   of a key that cannot be opened any more: it signs no more, what it signed stays good

Each takes effect within 30 seconds, but for one thing: a revoked key leaves /.well-known/jwks.json at once, and copies of that are kept
for an hour, by some verifiers for longer. Until they fetch it again, they believe the key.
A reference is granted once, however often the command runs.`;

const options = {
  remote: { type: 'boolean', default: false },
  slug: { type: 'string' },
  name: { type: 'string' },
  credits: { type: 'string' },
  reference: { type: 'string' },
  'requests-per-minute': { type: 'string' },
  schema: { type: 'string' },
  kid: { type: 'string' },
} as const;

try {
  const { values, positionals } = parseArgs({ options, allowPositionals: true });
  const command = readCommand(positionals[0], values);
  await carryOut(command, values.remote);
} catch (error) {
  const message = error instanceof Error ? error.message : String(error);
  console.error(
    error instanceof AdminUsage || message.startsWith('Unknown option') ? `${message}\n\n${HELP}` : message,
  );
  process.exit(1);
}

async function carryOut(command: AdminCommand, remote: boolean): Promise<void> {
  if (!remote) await prepareLocalDatabase((line) => console.log(line));
  const minted = await mintKey();
  const statements = adminSql(command, { nowMs: Date.now(), newId: () => crypto.randomUUID(), key: minted });
  const where = await target(remote);
  const folder = await mkdtemp(join(tmpdir(), 'admin-'));
  const file = join(folder, 'statements.sql');
  try {
    await writeFile(file, `${statements.join(';\n')};\n`, { mode: 0o600 });
    await runWrangler(['d1', 'execute', 'DB', '--yes', '--file', file, ...where]);
  } catch (error) {
    throw explainRefusal(command, error) ?? error;
  } finally {
    await rm(folder, { recursive: true });
  }
  const whom = command.slug === null ? '' : ` for "${command.slug}"`;
  console.log(`Done: ${command.name}${whom} (${remote ? 'remote' : 'local'} database).`);
  if (command.makesKey) console.log(`Its key, shown this once: ${minted.key}`);
}

async function target(remote: boolean): Promise<string[]> {
  if (!remote) return ['--local'];
  await readFile(`${repositoryRoot}/${deployConfigPath('api')}`).catch(() => {
    throw new Error(
      'This checkout has not deployed yet, so it does not know the database: run `npm run deploy` first.',
    );
  });
  return ['--remote', '-c', deployConfigPath('api')];
}
