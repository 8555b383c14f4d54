import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { REAL_MEDIA } from '#shared/testing/real-recordings.ts';
import { picturesOf } from './manifest-pictures.ts';

// Red above blue, lying on its side: an upright camera's file.
const RED = [255, 0, 0];
const BLUE = [0, 0, 255];
const RAW = { raw: { width: 2, height: 1, channels: 3 } } as const;

let folder: string;
const rowOf = (file: string, label: string) => ({ file, path: join(folder, file), label, source: file });
const allOf = async (file: string, label: string) => await Array.fromAsync(picturesOf(rowOf(file, label)));

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pictures-'));
  const picture = () => sharp(Uint8Array.from([...RED, ...BLUE]), RAW);
  await picture().png().toFile(join(folder, 'lying.png'));
  await picture().withMetadata({ orientation: 6 }).png().toFile(join(folder, 'upright.png'));
});
afterAll(() => rm(folder, { recursive: true }));

test.each(['image:live', 'image:spoof_print_photo', 'identity:someone'])('%s names one picture', async (label) => {
  expect(await allOf('lying.png', label)).toEqual([
    { seconds: 0, picture: { width: 2, height: 1, data: Uint8Array.from([...RED, 255, ...BLUE, 255]) } },
  ]);
});

test('a picture is turned as its orientation says', async () => {
  const [shown] = await allOf('upright.png', 'image:live');
  expect(shown?.picture).toMatchObject({ width: 1, height: 2, data: Uint8Array.from([...RED, 255, ...BLUE, 255]) });
});

test.each(['live', 'spoof_replay_phone'])('%s names a clip: ten frames a second of its first twelve', async (label) => {
  const seconds: number[] = [];
  const row = { file: 'cap13_edit2.mp4', path: REAL_MEDIA.cap13, label, source: 'cap' };
  for await (const shown of picturesOf(row)) {
    expect([shown.picture.width, shown.picture.height]).toEqual([400, 300]);
    seconds.push(shown.seconds);
  }
  expect(seconds).toEqual(Array.from({ length: 120 }, (_, i) => i / 10));
});
