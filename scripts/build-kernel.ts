// node scripts/build-kernel.ts: compiles the kernel of the face search. With --check it only says whether what is committed is
// what the text compiles to.
import { readFile, writeFile } from 'node:fs/promises';
import { isDeepStrictEqual } from 'node:util';
import loadWabt from 'wabt';
import { repositoryRoot } from './repository-root.ts';

const KERNEL = `${repositoryRoot}/workers/gallery/index/kernel`;

async function compile(): Promise<Uint8Array> {
  const wabt = await loadWabt();
  const parsed = wabt.parseWat('kernel.wat', await readFile(`${KERNEL}.wat`), { simd: true });
  try {
    parsed.validate();
    return parsed.toBinary({ write_debug_names: false }).buffer;
  } finally {
    parsed.destroy();
  }
}

const compiled = await compile();
if (process.argv.includes('--check')) {
  const committed = new Uint8Array(await readFile(`${KERNEL}.wasm`));
  if (!isDeepStrictEqual(committed, new Uint8Array(compiled))) {
    console.error(
      'workers/gallery/index/kernel.wasm is not what kernel.wat compiles to: run `node scripts/build-kernel.ts`',
    );
    process.exit(1);
  }
} else {
  await writeFile(`${KERNEL}.wasm`, compiled);
  console.log(`workers/gallery/index/kernel.wasm: ${compiled.length} bytes`);
}
