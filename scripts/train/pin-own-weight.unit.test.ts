import { spawnSync } from 'node:child_process';
import { hash } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { parseManifest } from '../../models/manifest.ts';
import { repositoryRoot } from '../repository-root.ts';
import { pinOwnWeight } from './pin-own-weight.ts';

const BIOME = `${repositoryRoot}/node_modules/@biomejs/biome/bin/biome`;
const committed = await readFile(`${repositoryRoot}/models/manifest.json`, 'utf8');
const before = parseManifest(JSON.parse(committed));
const network = Buffer.from('another network');

let folder: string;
const written = () => readFile(join(folder, 'manifest.json'), 'utf8');
const putNetwork = (bytes: Uint8Array) => writeFile(join(folder, 'trained/texture-recapture.onnx'), bytes);

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pin-'));
  await mkdir(join(folder, 'trained'));
  await writeFile(join(folder, 'manifest.json'), committed);
  await putNetwork(network);
});
afterEach(() => rm(folder, { recursive: true }));

test('digest and size of the file go into the manifest, and nothing else changes', async () => {
  await pinOwnWeight(folder, 'texture-recapture');
  const pinned = { sha256: hash('sha256', network, 'hex'), bytes: network.byteLength };
  const own = before.own.map((weight) => ({ ...weight, ...(weight.key === 'texture-recapture' ? pinned : {}) }));
  expect(JSON.parse(await written())).toEqual({ ...before, own });
});

test('what it writes is as the linter wants it: only the pin differs from the committed file', async () => {
  await pinOwnWeight(folder, 'texture-recapture');
  const manifest = await written();
  const args = ['check', '--write', '--stdin-file-path=models/manifest.json'];
  const run = { cwd: repositoryRoot, input: manifest, encoding: 'utf8' } as const;
  expect(spawnSync(process.execPath, [BIOME, ...args], run).stdout).toBe(manifest);
  const [lines, linesBefore] = [manifest.split('\n'), committed.split('\n')];
  expect(lines).toHaveLength(linesBefore.length);
  const changed = lines.filter((line, i) => line !== linesBefore[i]).map((line) => line.trim().split(':')[0]);
  expect(changed).toEqual(['"sha256"', '"bytes"']);
});

test('to pin again what is pinned leaves the file as it is', async () => {
  await pinOwnWeight(folder, 'texture-recapture');
  const once = await written();
  await pinOwnWeight(folder, 'texture-recapture');
  expect(await written()).toBe(once);
});

test.each([
  ['is no network of ours', 'face-detector', () => putNetwork(network)],
  ['is not there', 'texture-recapture', () => rm(join(folder, 'trained'), { recursive: true })],
  ['is empty', 'texture-recapture', () => putNetwork(new Uint8Array())],
] as const)('what %s is not pinned: the manifest stays', async (_, key, prepare) => {
  await prepare();
  await expect(pinOwnWeight(folder, key)).rejects.toThrow();
  expect(await written()).toBe(committed);
});
