import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { build } from 'esbuild';

/** The element is loaded with the page, the worker and what it needs only once someone starts. */
const ENTRIES = ['liveness-check', 'find-face'];
const RUNTIME = 'ort-wasm-simd-threaded.wasm';

/**
 * The files of the custom element `<liveness-check>`, by their names within one folder: they find one another there. The weights
 * are the server's own file, and so is the code that finds and cuts the face.
 */
export async function buildCapture({ repositoryRoot }: { repositoryRoot: string }): Promise<Map<string, Buffer>> {
  const runtime = createRequire(join(repositoryRoot, 'package.json')).resolve('onnxruntime-web/wasm');
  const files = await bundle(repositoryRoot);
  files.set(RUNTIME, await readFile(join(dirname(runtime), RUNTIME)));
  files.set('face-detector.onnx', await readFile(join(repositoryRoot, 'models/weights/face-detector.onnx')));
  files.set('LICENSES.txt', await readFile(join(repositoryRoot, 'workers/pages/capture/LICENSES.txt')));
  return files;
}

async function bundle(repositoryRoot: string): Promise<Map<string, Buffer>> {
  const { outputFiles } = await build({
    absWorkingDir: repositoryRoot,
    entryPoints: ENTRIES.map((name) => ({ in: `workers/pages/capture/browser/${name}.ts`, out: name })),
    outdir: 'out',
    bundle: true,
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
    minify: true,
    sourcemap: false,
    // LICENSES.txt lies beside.
    legalComments: 'none',
    write: false,
    logLevel: 'silent',
  });
  return new Map(outputFiles.map(({ path, contents }) => [path.split(/[\\/]/).at(-1) ?? path, Buffer.from(contents)]));
}
