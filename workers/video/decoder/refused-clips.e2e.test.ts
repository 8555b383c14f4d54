import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { seededRandom } from '#shared/testing/seeded-random.ts';
import { CODECS } from './testing/clip-recipes.ts';
import { type ClipWorkshop, movingPicture, openClipWorkshop } from './testing/clip-workshop.ts';
import { mutated, noise } from './testing/mutated.ts';
import { psnr, referenceFrames } from './testing/reference-frames.ts';
import { runFfmpeg } from './testing/run-ffmpeg.ts';
import { type DecoderWorker, type SampleQuery, startDecoderWorker } from './testing/start-decoder-worker.ts';

const H264 = CODECS['h264-high'];
const FAST = CODECS['h264-baseline'];

let workshop: ClipWorkshop;
let worker: DecoderWorker;

beforeAll(async () => {
  [workshop, worker] = await Promise.all([openClipWorkshop(), startDecoderWorker()]);
});
afterAll(() => Promise.all([worker?.close(), workshop?.close()]));

async function outcome(name: string, bytes: Uint8Array, query: SampleQuery = {}) {
  await worker.put(name, bytes);
  return worker.sample(name, query);
}

async function made(name: string, ...args: string[]): Promise<Uint8Array> {
  await workshop.make(name, ...args);
  return workshop.bytes(name);
}

const refusedAs = (problem: string, message: RegExp) => ({
  failed: null,
  refused: { problem, message: expect.stringMatching(message) },
});
const half = (bytes: Uint8Array) => bytes.subarray(0, bytes.length / 2);

describe('what is no video of ours', () => {
  const tiny = movingPicture('64x64', 10, 0.5);
  const sound = '-f lavfi -i sine=duration=1';
  it.each<[name: string, file: string, bytes: () => Promise<Uint8Array>, problem: string, message: RegExp]>([
    ['nothing', 'a.mp4', async () => new Uint8Array(0), 'not_a_video', /is empty/],
    [
      'noise',
      'noise.mp4',
      async () => noise(50_000, seededRandom(1)),
      'not_a_video',
      /not a video in MP4, MOV, WebM, MKV or AVI/,
    ],
    ['text', 'b.mp4', async () => new TextEncoder().encode('<html>'.repeat(99)), 'not_a_video', /not a video/],
    ['a still', 'c.mp4', () => made('still.png', tiny, '-frames:v 1'), 'not_a_video', /not a video/],
    ['sound in an MP4', 'd.mp4', () => made('sound.m4a', sound, '-c:a aac'), 'no_video', /no video, only sound/],
    ['sound in a WebM', 'e.webm', () => made('sound.webm', sound, '-c:a libopus'), 'no_video', /no video, only sound/],
    [
      'a video of no frames',
      'f.mp4',
      () => made('none.mp4', tiny, FAST, '-frames:v 0'),
      'no_video',
      /no video|no frames/,
    ],
    [
      'FFV1',
      'g.mkv',
      () => made('ffv1.mkv', tiny, '-c:v ffv1'),
      'unsupported_codec',
      /coded in ffv1, .*Supported are H\.264/,
    ],
    ['ProRes', 'h.mov', () => made('prores.mov', tiny, '-c:v prores'), 'unsupported_codec', /coded in prores/],
    ['Theora', 'i.mkv', () => made('theora.mkv', tiny, '-c:v libtheora'), 'unsupported_codec', /coded in theora/],
  ])('%s', async (_name, file, bytes, problem, message) => {
    expect(await outcome(file, await bytes())).toMatchObject(refusedAs(problem, message));
  });
});

describe('limits', () => {
  it('a minute and a little passes, more does not', async () => {
    const still = (seconds: number) => `-f lavfi -i color=size=64x64:rate=5:duration=${seconds}`;
    const fits = await outcome('fits.mp4', await made('fits.mp4', still(60.4), FAST), { count: 10 });
    expect([fits.refused, fits.frames.length]).toEqual([null, 10]);
    const tooLong = await outcome('long.mp4', await made('long.mp4', still(61), FAST), { count: 10 });
    expect(tooLong).toMatchObject(refusedAs('too_long', /lasts 61\.0 seconds: more than the 60 seconds/));
  });

  it('also where the length shows only at the end', async () => {
    const { stdout } = await runFfmpeg(
      `-f lavfi -i color=size=64x64:rate=5:duration=70 ${CODECS.vp8} -f webm pipe:1`.split(' '),
    );
    expect(await outcome('long.webm', stdout)).toMatchObject(refusedAs('too_long', /more than the 60 seconds/));
  });

  it('too many frames', async () => {
    const bytes = await made('many.mp4', '-f lavfi -i color=size=32x32:rate=130:duration=56', FAST);
    expect(await outcome('many.mp4', bytes)).toMatchObject(refusedAs('too_many_frames', /more than 7200 frames/));
  });

  it('a film has too many frames as well, but is told that it is too long', async () => {
    const bytes = await made('film.mp4', '-f lavfi -i color=size=32x32:rate=25:duration=700', FAST);
    expect(await outcome('film.mp4', bytes)).toMatchObject(refusedAs('too_long', /lasts 700\.0 seconds/));
  });

  it('too few, naming both numbers', async () => {
    const bytes = await made('few.mp4', movingPicture('64x64', 10, 0.9), FAST);
    expect(await outcome('few.mp4', bytes, { count: 10 })).toMatchObject(
      refusedAs('too_few_frames', /has 9 frames; 10 are/),
    );
    expect((await outcome('few.mp4', bytes, { count: 9 })).frames).toHaveLength(9);
  });

  it('too large', async () => {
    const bytes = await made('large.mkv', movingPicture('4400x2400', 10, 0.1), CODECS.mjpeg);
    expect(await outcome('large.mkv', bytes)).toMatchObject(
      refusedAs('too_large', /4400x2400 pixels; at most 4096x2160/),
    );
  });
});

describe('4K, which fills the memory', () => {
  const UHD = movingPicture('3840x2160', 10, 1);
  const manyReferences = '-c:v libx264 -preset ultrafast -pix_fmt yuv420p -x264-params ref=6:bframes=3:log-level=none';

  it('is decoded where it fits', async () => {
    const result = await outcome('uhd.mp4', await made('uhd.mp4', UHD, FAST), { count: 10 });
    expect(result).toMatchObject({ refused: null, failed: null, info: { width: 3840, height: 2160 } });
    expect(result.frames).toHaveLength(10);
    expect(result.frames[0]).toMatchObject({ width: 1280, height: 720 });
  });

  it('of many reference pictures gives its key frames', async () => {
    const path = await workshop.make('keys.mp4', UHD, manyReferences, '-g 2');
    const result = await outcome('keys.mp4', await workshop.bytes('keys.mp4'), { count: 4, withPixels: true });
    expect(result).toMatchObject({ refused: null, failed: null });
    const reference = await referenceFrames(path, 1280, 720, { matrix: 'bt709' });
    for (const [index, { timeMs }] of result.frames.entries()) {
      const same = reference.find((frame) => Math.abs(frame.timeMs - timeMs) < 2);
      expect(psnr(result.pixels[index] ?? new Uint8Array(0), same?.rgba ?? new Uint8Array(1))).toBeGreaterThan(45);
    }
  });

  it('of many reference pictures and few key frames is refused, with advice', async () => {
    const result = await outcome('deep.mp4', await made('deep.mp4', UHD, manyReferences), { count: 4 });
    expect(result).toMatchObject(refusedAs('too_demanding', /3840x2160 pixels.*at most 1920x1080/));
    expect(result.frames).toEqual([]);
  });
});

describe('cut off', () => {
  it('an MP4 with its index in front', async () => {
    const bytes = half(await made('front.mp4', movingPicture(), H264, '-movflags faststart'));
    expect(await outcome('front.mp4', bytes)).toMatchObject(refusedAs('damaged', /only \d+ of the 30 frames/));
    expect(await outcome('front.mp4', bytes, { count: 6 })).toMatchObject(
      refusedAs('damaged', /only [23] of the 6 frames/),
    );
  });

  it('an MP4 with its index behind', async () => {
    const bytes = half(await made('behind.mp4', movingPicture(), H264));
    expect(await outcome('behind.mp4', bytes)).toMatchObject(refusedAs('damaged', /cut off before its index/));
  });

  it.each([
    ['webm', CODECS.vp8],
    ['mkv', H264],
    ['avi', CODECS.mjpeg],
  ])('a %s gives what is left, if that is enough', async (container, codec) => {
    const bytes = half(await made(`cut.${container}`, movingPicture(), codec));
    const enough = await outcome('cut', bytes, { count: 5 });
    expect([enough.refused, enough.failed, enough.frames.length]).toEqual([null, null, 5]);
    expect(enough.frames.at(-1)?.timeMs).toBeLessThan(1300);
    const { refused } = await outcome('cut', bytes, { count: 30 });
    expect(refused?.problem).toMatch(/^(damaged|too_few_frames)$/);
    expect(refused?.message).toMatch(/\b30\b/);
  });
});

describe('damaged in the middle', () => {
  it.each([
    ['H.264', 'mp4', `${H264} -g 10`],
    ['HEVC', 'mp4', `${CODECS.hevc} -x265-params keyint=10:log-level=none`],
    ['VP8', 'webm', `${CODECS.vp8} -g 10`],
    ['MPEG-4', 'avi', `${CODECS.mpeg4} -g 10`],
  ])('%s: no frame that was painted over is given', async (_name, container, codec) => {
    const path = await workshop.make(`sound.${container}`, movingPicture('320x240', 20, 4), codec);
    const intact = await workshop.bytes(`sound.${container}`);
    const reference = await referenceFrames(path, 320, 240);
    const damaged = intact.slice();
    // Of the 80 frames a few in the middle.
    damaged.fill(0x55, intact.length * 0.5, intact.length * 0.5 + 3000);
    const result = await outcome('hurt', damaged, { count: 20, withPixels: true });
    expect(result.failed).toBeNull();
    if (result.refused === null) expect(result.frames).toHaveLength(20);
    else expect(result.refused.problem).toBe('damaged');
    // In AVI those after lost frames have an earlier time, and VP8 makes some picture of any bytes.
    if (container === 'avi' || container === 'webm') return;
    for (const [index, { timeMs }] of result.frames.entries()) {
      const same = reference.find((frame) => Math.abs(frame.timeMs - timeMs) < 2);
      expect(
        psnr(result.pixels[index] ?? new Uint8Array(0), same?.rgba ?? new Uint8Array(1)),
        `${timeMs}`,
      ).toBeGreaterThan(45);
    }
  });
});

describe('a store that is down', () => {
  it.each([1, 2])('is no damage: what it rejected with after %i reads comes out', async (failAfter) => {
    const bytes = await made('stored.avi', movingPicture('640x480', 20, 3), '-c:v mjpeg -q:v 1 -pix_fmt yuvj422p');
    expect(bytes.length).toBeGreaterThan(2 * 2 ** 20);
    const result = await outcome('stored.avi', bytes, { failAfter });
    expect(result).toMatchObject({ refused: null, failed: 'Error: the store is down' });
  });
});

describe('mutated files', () => {
  const FILES = Object.entries({
    mp4: ['h264-high', 'hevc', 'vp9', 'mjpeg'] as const,
    mov: ['mpeg4'] as const,
    webm: ['vp8', 'vp9'] as const,
    mkv: ['h264-high', 'av1'] as const,
    avi: ['xvid', 'h264-high', 'mjpeg'] as const,
  }).flatMap(([container, codecs]) => codecs.map((codec) => [container, codec] as const));

  it.each(FILES)('a %s of %s: 30 of them, each decoded or refused', async (container, codec) => {
    const intact = await made(`seed.${container}`, movingPicture('96x64', 20, 0.5), CODECS[codec]);
    const random = seededRandom(intact.length);
    for (let round = 0; round < 30; round++) {
      const { refused, failed, frames } = await outcome('mutant', mutated(intact, random), { count: 5 });
      expect(failed, `round ${round}`).toBeNull();
      if (refused === null) expect(frames).toHaveLength(5);
      else expect(refused.message).not.toBe('');
    }
    expect(await outcome('intact', intact, { count: 5 })).toMatchObject({ refused: null, failed: null });
  });
});
