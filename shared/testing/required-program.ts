import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';

export interface RequiredProgram {
  /** Any one of these will do, e.g. `chromium` and `google-chrome`. */
  names: string[];
  /** What to type to get it. */
  install: string[];
}

/**
 * The path of a program that a test cannot do without, or `undefined`: then the test is to be skipped, which this says on
 * stderr. Where CI is `true` a missing program is an error instead, since a skipped test there is one that nobody runs.
 */
export function requiredProgram(
  { names, install }: RequiredProgram,
  env: Record<string, string | undefined> = process.env,
): string | undefined {
  const path = findProgram(names, env.PATH ?? '');
  if (path !== undefined) return path;
  const missing = `${names.join(' or ')} is not installed. To install it: ${install.join(', or ')}`;
  if (env.CI === 'true') throw new Error(missing);
  process.stderr.write(`\n!!! TESTS SKIPPED !!! ${missing}\n\n`);
  return undefined;
}

function findProgram(names: string[], path: string): string | undefined {
  const directories = path.split(delimiter).filter((directory) => directory !== '');
  return names.flatMap((name) => directories.map((directory) => join(directory, name))).find(isExecutable);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
