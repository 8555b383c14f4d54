// npm run build:decoder: the video decoder's WebAssembly, from Debian 12's sources and compiler. About 5 minutes on two cores.
//   --check           builds, and compares with what is committed instead of replacing it
//   --sources FOLDER  where the source packages lie, or are to be put
//   --scratch FOLDER  where to build; what is there already is not used again
import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { pinnedSources } from './build-inputs.ts';
import { compilerVersions, fetchSources, missingPackages, unpackSource } from './debian-packages.ts';
import { describeBuild, MANIFEST_PATH, readManifest, WASM_PATH } from './decoder-manifest.ts';

const { values: options } = parseArgs({
  options: { check: { type: 'boolean' }, sources: { type: 'string' }, scratch: { type: 'string' } },
});

const missing = missingPackages();
if (missing.length > 0) {
  console.error('The decoder is built on Debian 12 (bookworm), for which these packages are missing. As root:');
  console.error(`  apt-get install --no-install-recommends ${missing.join(' ')}`);
  process.exit(1);
}

const scratch = options.scratch === undefined ? await mkdtemp(join(tmpdir(), 'decoder-')) : resolve(options.scratch);
try {
  await mkdir(scratch, { recursive: true });
  const wasm = await build(
    scratch,
    options.sources === undefined ? join(scratch, 'sources') : resolve(options.sources),
  );
  const manifest = await describeBuild(wasm, compilerVersions());
  if (options.check === true) await compare(wasm, manifest);
  else {
    await writeFile(WASM_PATH, wasm);
    await writeFile(MANIFEST_PATH, `${JSON.stringify(manifest, null, 2)}\n`);
  }
  console.log(`${manifest.wasm.bytes} bytes, SHA-256 ${manifest.wasm.sha256}`);
} finally {
  if (options.scratch === undefined) await rm(scratch, { recursive: true });
}

async function build(folder: string, sourcesFolder: string): Promise<Uint8Array> {
  await mkdir(sourcesFolder, { recursive: true });
  const packages = await pinnedSources();
  await fetchSources(packages, sourcesFolder);
  for (const name of ['dav1d', 'ffmpeg', 'ffmpeg-build', 'installed']) {
    await rm(join(folder, name), { recursive: true, force: true });
  }
  for (const [name, { files }] of Object.entries(packages)) {
    const dsc = Object.keys(files).find((file) => file.endsWith('.dsc')) ?? '';
    unpackSource(join(sourcesFolder, dsc), join(folder, name));
  }
  script('compile-libraries.sh', folder);
  const out = join(folder, 'video-decoder.wasm');
  script('link-decoder.sh', folder, out);
  return readFile(out);
}

function script(name: string, ...args: string[]): void {
  execFileSync('sh', [join(import.meta.dirname, name), ...args], { stdio: 'inherit' });
}

async function compare(wasm: Uint8Array, built: Awaited<ReturnType<typeof readManifest>>): Promise<void> {
  const committed = await readFile(WASM_PATH);
  const isSame = committed.equals(wasm) && JSON.stringify(await readManifest()) === JSON.stringify(built);
  if (isSame) return console.log('The committed decoder is what its sources make.');
  console.error('The committed decoder is not what its sources make here. Built just now:');
  console.error(JSON.stringify(built, null, 2));
  process.exitCode = 1;
}
