import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'esbuild';

const FILES = ['verify.css', 'icon.svg'];

/** The verification page: its template, and the files that this names in their folder. */
export async function buildVerify({
  repositoryRoot,
}: {
  repositoryRoot: string;
}): Promise<{ template: string; files: Map<string, Buffer> }> {
  const folder = join(repositoryRoot, 'workers/pages/verify');
  const files = new Map<string, Buffer>();
  for (const name of FILES) files.set(name, await readFile(join(folder, name)));
  files.set('verify.js', await bundle(repositoryRoot));
  return { template: await readFile(join(folder, 'verify.html'), 'utf8'), files };
}

async function bundle(repositoryRoot: string): Promise<Buffer> {
  const { outputFiles } = await build({
    absWorkingDir: repositoryRoot,
    entryPoints: ['workers/pages/verify/browser/verify.ts'],
    bundle: true,
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
    minify: true,
    sourcemap: false,
    write: false,
    logLevel: 'silent',
  });
  const [script] = outputFiles;
  if (script === undefined) throw new Error('esbuild made nothing of verify.ts');
  return Buffer.from(script.contents);
}
