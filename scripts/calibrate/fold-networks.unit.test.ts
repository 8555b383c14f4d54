import { hash } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { RECAPTURE_FILE } from '../native/native-networks.ts';
import { foldNetworks } from './fold-networks.ts';

/** A producer's name at the end of the file: the same network in other bytes. */
const MARK = Uint8Array.of(18, 1, 120);
const digestOf = (bytes: Uint8Array) => hash('sha256', bytes, 'hex').slice(0, 16);

let folder: string;
let committed: Buffer;
let fold: Buffer;
const writeFolds = (folds: unknown) => writeFile(join(folder, 'folds.json'), JSON.stringify(folds));

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'folds-'));
  committed = await readFile(RECAPTURE_FILE);
  fold = Buffer.concat([committed, MARK]);
  await writeFile(join(folder, 'fold-0.onnx'), fold);
});
afterAll(() => rm(folder, { recursive: true }));

test('a source is measured by the network that has not seen it, which is opened once', async () => {
  await writeFolds({ someone: 'fold-0.onnx', another: 'fold-0.onnx' });
  const networksFor = await foldNetworks(folder);
  const known = await networksFor('someone');
  expect(known?.digest).toBe(digestOf(fold));
  expect(await networksFor('another')).toBe(known);
});

test('without folds it is the committed network; with them a source that none left out has none', async () => {
  const digest = digestOf(committed);
  expect(digest).not.toBe(digestOf(fold));
  expect((await (await foldNetworks(null))('someone'))?.digest).toBe(digest);
  await writeFolds({ someone: 'fold-0.onnx' });
  expect(await (await foldNetworks(folder))('stranger')).toBeNull();
});

test.each([[{ someone: '../fold-0.onnx' }], [{ someone: 3 }], [['fold-0.onnx', null]]])(
  'folds that are none are refused: %j',
  async (folds) => {
    await writeFolds(folds);
    await expect(foldNetworks(folder)).rejects.toThrow();
  },
);

test('a folder without folds, or without the network that they name, is refused', async () => {
  await expect(foldNetworks(join(folder, 'nowhere'))).rejects.toThrow('ENOENT');
  await writeFolds({ someone: 'fold-9.onnx' });
  await expect((await foldNetworks(folder))('someone')).rejects.toThrow('fold-9.onnx');
});
