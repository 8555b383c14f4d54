import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { isClip, readManifest } from './read-manifest.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'manifest-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true });
});

test('file, label and source of each line; headings, blank lines and further columns are left out', async () => {
  const lines = [
    'file\tlabel\tsource\tnotes',
    'clips/a.mp4\tlive\troom 1\tfine',
    '',
    'b.mp4\tspoof_screen\troom 2',
    '',
  ];
  await writeFile(join(folder, 'manifest.tsv'), lines.join('\n'));
  expect(await readManifest(folder)).toEqual([
    { file: 'clips/a.mp4', path: join(folder, 'clips/a.mp4'), label: 'live', source: 'room 1' },
    { file: 'b.mp4', path: join(folder, 'b.mp4'), label: 'spoof_screen', source: 'room 2' },
  ]);
});

test('a clip without a source is one of its own', async () => {
  await writeFile(join(folder, 'manifest.tsv'), 'file\tlabel\nc.mp4\tlive\nd.mp4\tlive\t\n');
  expect((await readManifest(folder)).map(({ source }) => source)).toEqual(['c.mp4', 'd.mp4']);
});

test('a folder without a manifest is an error', async () => {
  await expect(readManifest(folder)).rejects.toThrow(/manifest\.tsv/);
});

test('live and spoofs are clips, anything else is something else', () => {
  const labels = ['live', 'spoof_print', 'spoof_screen', 'photo', 'liveness', ''];
  const clip = (label: string) => isClip({ file: 'a', path: 'a', label, source: 'a' });
  expect(labels.filter(clip)).toEqual(['live', 'spoof_print', 'spoof_screen']);
});
