import { hash } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { create } from 'tar';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { exposeTensors } from './expose-tensors.ts';
import { type Manifest, parseManifest } from './manifest.ts';
import { doublingNetwork } from './onnx-fixture.ts';
import { prepareWeights } from './prepare-weights.ts';

const TRUNK = 'weights/texture-liveness.onnx';
const OURS = 'trained/texture-recapture.onnx';
const TENSORS = [{ name: 'sum', dims: [3] }];
const original = Buffer.from(doublingNetwork(3));
const exposed = Buffer.from(exposeTensors(original, TENSORS));
const ours = Buffer.from('a network of our own');

const pin = (bytes: Uint8Array) => ({ sha256: hash('sha256', bytes, 'hex'), bytes: bytes.byteLength });

let folder: string;
let tarball: Buffer;
let manifest: Manifest;
const models = () => join(folder, 'models');
const fetchTarball = vi.fn(async () => new Uint8Array(tarball));
const prepare = (changed: Partial<Manifest> = {}) =>
  prepareWeights({ manifest: { ...manifest, ...changed }, modelsDirectory: models(), fetchTarball });

async function put(path: string, bytes: Uint8Array): Promise<void> {
  await mkdir(dirname(join(folder, path)), { recursive: true });
  await writeFile(join(folder, path), bytes);
}

beforeEach(async () => {
  fetchTarball.mockClear();
  folder = await mkdtemp(join(tmpdir(), 'own-weights-'));
  await put('package/model/trunk.onnx', original);
  await put(`models/${OURS}`, ours);
  await create({ file: join(folder, 'a.tgz'), cwd: folder, gzip: true, portable: true }, ['package']);
  tarball = await readFile(join(folder, 'a.tgz'));
  const integrity = `sha512-${hash('sha512', tarball, 'base64')}`;
  const workers = ['inference'];
  manifest = parseManifest({
    package: { name: 'weights-for-tests', version: '1.0.0', integrity, licence: 'MIT' },
    weights: [
      {
        key: 'texture-liveness',
        file: 'model/trunk.onnx',
        ...pin(original),
        prepared: TRUNK,
        workers,
        exposed: { tensors: TENSORS, ...pin(exposed) },
      },
    ],
    own: [{ key: 'texture-recapture', file: OURS, ...pin(ours), workers }],
  });
});
afterEach(() => rm(folder, { recursive: true, force: true }));

test('what is to be exposed is exposed on the way, once', async () => {
  expect(await prepare()).toEqual({ written: [TRUNK] });
  expect(await readFile(join(models(), TRUNK))).toEqual(exposed);
  expect(await prepare()).toEqual({ written: [] });
  expect(fetchTarball).toHaveBeenCalledOnce();
});

test('the original in its place, as older checkouts prepared it, is replaced', async () => {
  await put(`models/${TRUNK}`, original);
  expect(await prepare()).toEqual({ written: [TRUNK] });
  expect(await readFile(join(models(), TRUNK))).toEqual(exposed);
});

test('what does not come out as pinned is named with its tensors, and nothing is written', async () => {
  const [weight] = manifest.weights;
  if (!weight?.exposed) throw new Error('the fixture has one');
  const wrong = [{ ...weight, exposed: { ...weight.exposed, sha256: '0'.repeat(64) } }];
  const message = expect.stringMatching(/model\/trunk\.onnx .*not come out as pinned when sum are exposed/);
  await expect(prepare({ weights: wrong })).rejects.toMatchObject({ problem: 'wrong_sha256', message });
  await expect(readFile(join(models(), TRUNK))).rejects.toThrow('ENOENT');
});

test.each([
  ['missing', 'is missing', () => rm(join(models(), OURS))],
  ['wrong_sha256', 'is not as pinned', () => put(`models/${OURS}`, Buffer.from('a network of our owN'))],
  ['wrong_sha256', 'is not as pinned', () => put(`models/${OURS}`, ours.subarray(1))],
] as const)(
  'a file of ours that is not as it should be (%s: %s) stops everything, and the error says what to do',
  async (problem, words, damage) => {
    await damage();
    await expect(prepare()).rejects.toMatchObject({ name: 'WeightsError', problem });
    for (const part of [words, `git checkout models/${OURS}`, 'npm run train'])
      await expect(prepare()).rejects.toThrow(part);
    expect(fetchTarball).not.toHaveBeenCalled();
  },
);
