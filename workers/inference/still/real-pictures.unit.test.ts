import { readFile } from 'node:fs/promises';
import sharp, { type Sharp } from 'sharp';
import { expect, test, vi } from 'vitest';
import type { StillOutcome } from '#shared/rpc/inference.ts';
import { REAL_MEDIA, readFrames } from '#shared/testing/real-recordings.ts';
import { nativeNetworks } from '../../../scripts/native/native-networks.ts';
import { checkStills } from '../check-stills.ts';
import type { RgbaPicture } from '../picture/rgba-picture.ts';
import { createNodeDecoder } from '../picture/testing/node-decoder.ts';

/** The decoders as in workerd, the real weights in the native runtime. */
const tools = { networks: await nativeNetworks(), decodePicture: createNodeDecoder() };
const log = vi.fn();

async function check(bytes: Uint8Array): Promise<StillOutcome | undefined> {
  const result = await checkStills({ pictures: [bytes] }, async () => tools, log);
  return result.ok ? result.stills[0] : undefined;
}

async function jpegOf({ width, height, data }: RgbaPicture): Promise<Sharp> {
  const raw = { raw: { width, height, channels: 4 as const } };
  return sharp(await sharp(data, raw).removeAlpha().jpeg({ quality: 90 }).toBuffer());
}

test.each(['franck', 'cap12', 'cap13'] as const)('a frame of %s is live', async (name) => {
  const [frame] = await readFrames(REAL_MEDIA[name], 1, 1);
  if (!frame) throw new Error('a clip without frames');
  const still = await check(await (await jpegOf(frame)).toBuffer());
  expect(still?.ok && still.realScore).toBeGreaterThanOrEqual(0.65);
});

// Not what anybody wants: a file that was never before a camera has no traces of a second capture. The model card says so.
test('a painting that is posted as a file passes', async () => {
  const still = await check(await readFile(REAL_MEDIA.joconde));
  expect(still?.ok && still.realScore).toBeGreaterThan(0.9);
});

test('a face cut out of its picture is not judged, and the advice is to leave room', async () => {
  const [frame] = await readFrames(REAL_MEDIA.cap13, 1, 1);
  if (!frame) throw new Error('a clip without frames');
  const tight = (await jpegOf(frame)).extract({ left: 150, top: 105, width: 106, height: 136 });
  const still = await check(await tight.resize(318, 408).jpeg().toBuffer());
  expect(still).toMatchObject({ ok: true, realScore: 0, advice: expect.stringMatching(/Move back/) });
});

test('nor is one in the dark', async () => {
  const [frame] = await readFrames(REAL_MEDIA.cap13, 1, 1);
  if (!frame) throw new Error('a clip without frames');
  const still = await check(await (await jpegOf(frame)).linear(0.25, 0).jpeg().toBuffer());
  expect(still).toMatchObject({ ok: true, realScore: 0, advice: expect.stringMatching(/too dark/) });
});
