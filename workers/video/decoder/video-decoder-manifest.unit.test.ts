import { readdir, readFile } from 'node:fs/promises';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { inputsSha256, pinnedSources, sha256 } from '../../../scripts/build-decoder/build-inputs.ts';
import { DECODER_FOLDER, readManifest, WASM_PATH } from '../../../scripts/build-decoder/decoder-manifest.ts';

const wasm = await readFile(WASM_PATH);
const manifest = await readManifest();

describe('the committed decoder', () => {
  it('is the one that the manifest describes', () => {
    expect({ bytes: wasm.length, sha256: sha256(wasm) }).toEqual(manifest.wasm);
  });

  it('was built from the C source, the options and the sources that are here now', async () => {
    expect(manifest.inputsSha256).toBe(await inputsSha256());
    expect(manifest.sources).toEqual(await pinnedSources());
  });

  it('asks its host for one thing beyond a C library: to read', () => {
    // Not `new`: the types are workerd's, which compiles no bytes.
    const imports = WebAssembly.Module.imports(Reflect.construct(WebAssembly.Module, [wasm]));
    const asked = imports.filter((entry) => entry.module === 'env').map((entry) => entry.name);
    expect(asked.sort()).toEqual(['emscripten_notify_memory_growth', 'host_read']);
    expect([...new Set(imports.map((entry) => entry.module))].sort()).toEqual(['env', 'wasi_snapshot_preview1']);
  });

  it('leaves an upload (10 MB gzipped) most of its room', () => {
    expect(gzipSync(wasm).length).toBeLessThan(2_000_000);
  });

  it('names no folder of the machine that built it', () => {
    expect(wasm.toString('latin1')).not.toMatch(/\/(home|tmp|root|work|build)\//);
  });

  it('has its licences beside it, and says where its sources are', async () => {
    expect(await readdir(`${DECODER_FOLDER}/licences`)).toEqual([
      'FFmpeg-LGPL-2.1.txt',
      'dav1d-BSD-2-Clause.txt',
      'emscripten-MIT.txt',
      'musl-MIT.txt',
    ]);
    const lgpl = await readFile(`${DECODER_FOLDER}/licences/FFmpeg-LGPL-2.1.txt`, 'utf8');
    expect(lgpl).toContain('GNU LESSER GENERAL PUBLIC LICENSE\n                       Version 2.1');
    const readme = await readFile(`${DECODER_FOLDER}/README.md`, 'utf8');
    for (const [name, { version }] of Object.entries(manifest.sources)) {
      expect(readme).toContain(`https://snapshot.debian.org/package/${name}/${version}/`);
    }
  });
});
