import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type SourcePackages, sha256 } from './build-inputs.ts';

/** Of Debian 12. The first four decide over the bytes, the others only do their part. */
const COMPILER_PACKAGES = ['emscripten', 'clang-14', 'lld-14', 'binaryen'];
const NEEDED_PACKAGES = [
  ...COMPILER_PACKAGES,
  'llvm-14',
  'meson',
  'ninja-build',
  'make',
  'pkg-config',
  'dpkg-dev',
  'xz-utils',
];

export function missingPackages(): string[] {
  return NEEDED_PACKAGES.filter((name) => installedVersion(name) === null);
}

export function compilerVersions(): Record<string, string> {
  return Object.fromEntries(COMPILER_PACKAGES.map((name) => [name, installedVersion(name) ?? 'missing']));
}

function installedVersion(name: string): string | null {
  // biome-ignore lint/suspicious/noTemplateCurlyInString: it is dpkg's own syntax.
  const { status, stdout } = spawnSync('dpkg-query', ['-W', '-f=${db:Status-Status} ${Version}', name], {
    encoding: 'utf8',
  });
  const [state, version = ''] = (stdout ?? '').split(' ');
  return status === 0 && state === 'installed' ? version : null;
}

/** Downloads what `folder` lacks, then proves that every file is the pinned one. */
export async function fetchSources(packages: SourcePackages, folder: string): Promise<void> {
  for (const [name, { version, files }] of Object.entries(packages)) {
    const isThere = Object.keys(files).every((file) => existsSync(join(folder, file)));
    if (!isThere) downloadSource(`${name}=${version}`, folder);
    for (const [file, expected] of Object.entries(files)) {
      const found = sha256(await readFile(join(folder, file)));
      if (found !== expected) throw new Error(`${file} has the SHA-256 ${found}, not ${expected}`);
    }
  }
}

function downloadSource(pinned: string, folder: string): void {
  try {
    execFileSync('apt-get', ['source', '--download-only', pinned], { cwd: folder, stdio: 'inherit' });
  } catch (cause) {
    const advice = [
      `apt-get has no source package ${pinned}.`,
      'Either apt lists no sources (it needs "deb-src" in its list, for bookworm and bookworm-security), or Debian has a newer one by now.',
      'Every version stays at snapshot.debian.org: put the files that sources.json names into a folder and pass --sources FOLDER.',
    ];
    throw new Error(advice.join('\n'), { cause });
  }
}

/** With Debian's patches, of which some close security holes. */
export function unpackSource(dsc: string, target: string): void {
  execFileSync('dpkg-source', ['--no-check', '-x', dsc, target], { stdio: 'inherit' });
}
