import { spawn } from 'node:child_process';
import { repositoryRoot } from './repository-root.ts';

export const WRANGLER = `${repositoryRoot}/node_modules/wrangler/bin/wrangler.js`;

export class WranglerFailed extends Error {
  override readonly name = 'WranglerFailed';
}

/**
 * Runs wrangler without a terminal, so that it never stops to ask, and gives back its standard output. Warnings go to
 * standard error, and are shown only when it fails.
 */
export function runWrangler(args: string[], options: { echo?: boolean } = {}): Promise<string> {
  const environment = { ...process.env, WRANGLER_SEND_METRICS: 'false', NO_COLOR: '1' };
  const child = spawn(process.execPath, [WRANGLER, ...args], { cwd: repositoryRoot, env: environment, stdio: 'pipe' });
  child.stdin.end();
  const output = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (text: string) => {
      output[name] += text;
      if (options.echo) process[name].write(text);
    });
  }
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => {
      if (code === 0) resolve(output.stdout);
      else
        reject(
          new WranglerFailed(`wrangler ${args.join(' ')} failed (exit ${code}):\n${output.stdout}${output.stderr}`),
        );
    });
  });
}
