import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { beforeAll, expect, test } from 'vitest';
import { buildCapture } from './prepare-capture.ts';

const repositoryRoot = join(import.meta.dirname, '../..');
let files: Map<string, Buffer>;

beforeAll(async () => {
  files = await buildCapture({ repositoryRoot });
});

const textOf = (name: string) => files.get(name)?.toString('utf8') ?? '';

test('the files are there, each below its one folder', () => {
  expect([...files.keys()].sort()).toEqual([
    'LICENSES.txt',
    'face-detector.onnx',
    'find-face.js',
    'liveness-check.js',
    'ort-wasm-simd-threaded.wasm',
  ]);
});

test('the weights are those of the server', async () => {
  const weights = await readFile(join(repositoryRoot, 'models/weights/face-detector.onnx'));
  expect(files.get('face-detector.onnx')?.equals(weights)).toBe(true);
});

test('the licences name the runtime that is shipped', async () => {
  const { dependencies } = JSON.parse(await readFile(join(repositoryRoot, 'package.json'), 'utf8')) as {
    dependencies: Record<string, string>;
  };
  const version = dependencies['onnxruntime-web'];
  expect(version).toMatch(/^\d+\.\d+\.\d+$/);
  expect(textOf('LICENSES.txt')).toContain(`ONNX Runtime Web ${version}, `);
  expect(textOf('LICENSES.txt')).toContain(`/v${version}/ThirdPartyNotices.txt`);
});

test('what a page loads first is small, and the runtime is not in it', () => {
  expect(gzipSync(textOf('liveness-check.js')).length).toBeLessThan(15 * 1024);
  expect(gzipSync(textOf('find-face.js')).length).toBeLessThan(40 * 1024);
  expect(textOf('liveness-check.js')).not.toMatch(/onnx|InferenceSession/i);
});

test('both scripts find their neighbours by where they lie', () => {
  expect(textOf('liveness-check.js')).toContain('import.meta.url');
  expect(textOf('find-face.js')).toContain('import.meta.url');
});

test.each(['liveness-check.js', 'find-face.js'])(
  '%s needs nothing that a strict policy forbids, and maps nowhere',
  (name) => {
    expect(textOf(name)).not.toMatch(/\beval\(|new Function\b|sourceMappingURL|innerHTML|document\.write/);
  },
);

test('built again it is the same, so that its address stays', async () => {
  const again = await buildCapture({ repositoryRoot });
  for (const [name, content] of again) expect(files.get(name)?.equals(content), name).toBe(true);
});
