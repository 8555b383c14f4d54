import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { build } from 'esbuild';

const ENTRIES = ['browser/verify.ts', 'verify.css'];

/** The verification page: its template, and the files that this names in their folder. */
export async function buildVerify({
  repositoryRoot,
}: {
  repositoryRoot: string;
}): Promise<{ template: string; files: Map<string, Buffer> }> {
  const folder = join(repositoryRoot, 'workers/pages/verify');
  const files = await bundle(repositoryRoot);
  files.set('icon.svg', await readFile(join(folder, 'icon.svg')));
  return { template: await readFile(join(folder, 'verify.html'), 'utf8'), files };
}

async function bundle(repositoryRoot: string): Promise<Map<string, Buffer>> {
  const { outputFiles } = await build({
    absWorkingDir: repositoryRoot,
    entryPoints: ENTRIES.map((path) => `workers/pages/verify/${path}`),
    entryNames: '[name]',
    outdir: 'out',
    bundle: true,
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
    minify: true,
    sourcemap: false,
    write: false,
    logLevel: 'silent',
  });
  return new Map(outputFiles.map(({ path, contents }) => [basename(path), Buffer.from(contents)]));
}
