import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CODECS, type CodecName } from './testing/clip-recipes.ts';
import { type ClipWorkshop, movingPicture, openClipWorkshop } from './testing/clip-workshop.ts';
import { psnr, referenceFrames } from './testing/reference-frames.ts';
import { type DecoderWorker, startDecoderWorker } from './testing/start-decoder-worker.ts';

/**
 * Each container with each codec that it may carry. WebM is for VP8, VP9 and AV1 alone; MOV has no letters for VP8, VP9 and
 * AV1, nor MP4 for VP8 in FFmpeg's writer (see odd-clips for that one). AVI has letters for all.
 */
const PAIRS: Record<'mp4' | 'mov' | 'webm' | 'mkv' | 'avi', CodecName[]> = {
  mp4: ['h264-baseline', 'h264-main', 'h264-high', 'hevc', 'hevc-10bit', 'vp9', 'vp9-10bit', 'av1', 'mpeg4', 'mjpeg'],
  mov: ['h264-main', 'h264-high', 'hevc', 'hevc-10bit', 'mpeg4', 'mjpeg', 'mjpeg-422'],
  webm: ['vp8', 'vp8-altref', 'vp9', 'vp9-10bit', 'av1'],
  mkv: ['h264-high', 'hevc', 'vp8', 'vp9', 'av1', 'mpeg4', 'mjpeg'],
  avi: ['h264-high', 'hevc', 'vp8-altref', 'vp9', 'av1', 'mpeg4', 'xvid', 'mjpeg', 'mjpeg-422'],
};
const CLIPS = Object.entries(PAIRS).flatMap(([container, codecs]) =>
  codecs.map((codec) => [container, codec] as const),
);
const DECODER_NAMES: [start: string, name: string][] = [
  ['h264', 'h264'],
  ['hevc', 'hevc'],
  ['vp8', 'vp8'],
  ['vp9', 'vp9'],
  ['av1', 'av1'],
  ['mpeg4', 'mpeg4'],
  ['xvid', 'mpeg4'],
  ['mjpeg', 'mjpeg'],
];

/** XviD leaves two chunks of its AVI empty behind the first picture; FFmpeg counts them before it. */
const XVID_DELAY_MS = 101;

let workshop: ClipWorkshop;
let worker: DecoderWorker;

beforeAll(async () => {
  [workshop, worker] = await Promise.all([openClipWorkshop(), startDecoderWorker()]);
  // The slow one once, to be copied from.
  await workshop.make('av1.mkv', movingPicture(), CODECS.av1);
});
afterAll(() => Promise.all([worker?.close(), workshop?.close()]));

describe('every frame is what FFmpeg decodes, at its time', () => {
  it.each(CLIPS)('%s with %s', async (container, codec) => {
    const name = `${codec}.${container}`;
    const isCopied = codec === 'av1';
    if (!isCopied) await workshop.make(name, movingPicture(), CODECS[codec]);
    else if (container !== 'mkv')
      await workshop.make(name, `-i ${workshop.path('av1.mkv')} -c copy -strict experimental`);
    await worker.put(name, await workshop.bytes(name));
    const [sampled, reference] = await Promise.all([
      worker.sample(name, { withPixels: true }),
      referenceFrames(workshop.path(name), 320, 240),
    ]);
    expect(sampled).toMatchObject({ refused: null, failed: null });
    const decoder = DECODER_NAMES.find(([start]) => codec.startsWith(start))?.[1];
    expect(sampled.info).toMatchObject({ codec: decoder, container, width: 320, height: 240, rotation: 0 });
    expect(sampled.pixels).toHaveLength(reference.length);
    expect(sampled.info?.frameCount).toBe(reference.length);
    const likeness = sampled.pixels.map((rgba, index) => psnr(rgba, reference[index]?.rgba ?? new Uint8Array(0)));
    expect(Math.min(...likeness)).toBeGreaterThan(45);
    const lateness = sampled.frames.map(({ timeMs }, index) =>
      Math.abs(timeMs - (reference[index]?.timeMs ?? Number.NaN)),
    );
    expect(Math.max(...lateness)).toBeLessThan(codec === 'xvid' ? XVID_DELAY_MS : 2);
  });
});
