// npm run check: everything that can be said about the code without running it. Every step runs, then the verdict.
import { spawn } from 'node:child_process';
import { cp, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { repositoryRoot } from './repository-root.ts';
import { findInconsistencies, readConfigs } from './worker-configs.ts';

const TYPES = ['wrangler', 'types', 'worker-configuration.d.ts', '--include-runtime=false', '--strict-vars=false'];

/** Each gives its complaint, or nothing. */
const steps: Record<string, () => Promise<string | null>> = {
  'binding types are generated and unchanged': () => run([...TYPES, '--env-interface', 'Env', '--check']),
  'tsc, strict': () => run(['tsc', '--noEmit']),
  'tsc, the capture element': () => run(['tsc', '--noEmit', '-p', 'workers/pages/capture/browser']),
  'tsc, the verification page': () => run(['tsc', '--noEmit', '-p', 'workers/pages/verify/browser']),
  'lint and format, zero warnings': () => run(['biome', 'check', '--error-on-warnings']),
  'composed and deployed configurations agree': async () => {
    const problems = findInconsistencies(await readConfigs());
    return problems.length === 0 ? null : problems.join('\n');
  },
  'migrations hold the whole schema': compareMigrations,
  'the search kernel is what its text says': () => run(['node', 'scripts/build-kernel.ts', '--check']),
};

/** Lets drizzle-kit continue a copy of the migrations: a new file means that the schema has run ahead of them. */
async function compareMigrations(): Promise<string | null> {
  const folder = await mkdtemp(join(tmpdir(), 'migrations-'));
  try {
    await cp(`${repositoryRoot}/migrations`, folder, { recursive: true });
    const before = await readdir(folder);
    const flags = ['--dialect', 'sqlite', '--schema', 'shared/db/schema.ts', '--out', folder];
    const complaint = await run(['drizzle-kit', 'generate', ...flags]);
    if (complaint) return complaint;
    const unwritten = (await readdir(folder)).filter((name) => !before.includes(name));
    return unwritten.length === 0 ? null : 'the schema has changed: run `npm run migration -- --name <what it does>`';
  } finally {
    await rm(folder, { recursive: true });
  }
}

function run([program = '', ...args]: string[]): Promise<string | null> {
  const child = spawn(`${repositoryRoot}/node_modules/.bin/${program}`, args, {
    cwd: repositoryRoot,
    env: { ...process.env, WRANGLER_SEND_METRICS: 'false' },
    stdio: ['ignore', 'pipe', 'pipe'],
    shell: process.platform === 'win32',
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
  }
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve(code === 0 ? null : output || `${program} ended with ${code}`));
  });
}

let failed = false;
for (const [name, step] of Object.entries(steps)) {
  const startedAt = performance.now();
  const complaint = await step();
  failed ||= complaint !== null;
  console.log(`${complaint === null ? '✓' : '✗'} ${name} (${((performance.now() - startedAt) / 1000).toFixed(1)} s)`);
  if (complaint !== null) console.log(complaint);
}
process.exit(failed ? 1 : 0);
