import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildMp4, ivfFrames } from './testing/build-mp4.ts';
import { CODECS } from './testing/clip-recipes.ts';
import { type ClipWorkshop, movingPicture, openClipWorkshop } from './testing/clip-workshop.ts';
import { psnr, type ReferenceFrame, referenceFrames } from './testing/reference-frames.ts';
import { runFfmpeg } from './testing/run-ffmpeg.ts';
import { type DecoderWorker, type Sampled, startDecoderWorker } from './testing/start-decoder-worker.ts';

const H264 = CODECS['h264-high'];
const FAST = CODECS['h264-baseline'];

let workshop: ClipWorkshop;
let worker: DecoderWorker;

beforeAll(async () => {
  [workshop, worker] = await Promise.all([openClipWorkshop(), startDecoderWorker()]);
});
afterAll(() => Promise.all([worker?.close(), workshop?.close()]));

async function sampled(name: string, count = 0, bytes?: Uint8Array): Promise<Sampled> {
  await worker.put(name, bytes ?? (await workshop.bytes(name)));
  const result = await worker.sample(name, { count, withPixels: true });
  expect(result).toMatchObject({ refused: null, failed: null });
  return result;
}

/** Each frame sampled is the one that FFmpeg has at that time. */
function expectSame({ frames, pixels }: Sampled, reference: ReferenceFrame[], least = 45): void {
  expect(frames.length).toBeGreaterThan(0);
  for (const [index, { timeMs }] of frames.entries()) {
    const same = reference.find((frame) => Math.abs(frame.timeMs - timeMs) < 2);
    expect(same, `a frame at ${timeMs} ms`).toBeDefined();
    expect(psnr(pixels[index] ?? new Uint8Array(0), same?.rgba ?? new Uint8Array(1))).toBeGreaterThan(least);
  }
}

describe('turned and squeezed pictures come out upright', () => {
  it.each([
    [90, 240, 320],
    [180, 320, 240],
    [270, 240, 320],
  ])('filmed at %i degrees', async (degrees, width, height) => {
    await workshop.make('lying.mp4', movingPicture('320x240', 20, 0.3), FAST);
    // FFmpeg counts the other way round.
    const name = `turned-${degrees}.mp4`;
    const path = await workshop.make(
      name,
      `-i ${workshop.path('lying.mp4')} -c copy -metadata:s:v rotate=${360 - degrees}`,
    );
    const result = await sampled(name);
    expect(result.info).toMatchObject({ width, height, rotation: degrees });
    expectSame(result, await referenceFrames(path, width, height, { isTurned: true }));
  });

  it('mirrored, as front cameras do', async () => {
    await workshop.make('vp8.ivf', movingPicture('320x240', 20, 0.3), CODECS.vp8);
    const frames = ivfFrames(await workshop.bytes('vp8.ivf')).map((bytes, index) => ({ bytes, isKey: index === 0 }));
    const mp4 = buildMp4({ format: 'vp08', width: 320, height: 240, frames, frameMs: 50, matrix: [-1, 0, 0, 1] });
    const reference = await referenceFrames(workshop.path('vp8.ivf'), 320, 240);
    expectSame(await sampled('mirrored.mp4', 0, mp4), reference.map(mirrored));
  });

  it.each([
    ['2/1', 320, 120],
    ['1/2', 160, 240],
  ])('pixels of %s', async (aspect, width, height) => {
    const name = `squeezed-${width}.mp4`;
    const path = await workshop.make(name, movingPicture('320x240', 20, 0.2), `-vf setsar=${aspect}`, FAST);
    const result = await sampled(name);
    expect(result.info).toMatchObject({ width, height });
    expectSame(result, await referenceFrames(path, width, height));
  });

  it('1080p is scaled down', async () => {
    const path = await workshop.make('1080p.mp4', movingPicture('1920x1080', 30, 0.1), FAST);
    const result = await sampled('1080p.mp4');
    expect(result.info).toMatchObject({ width: 1920, height: 1080 });
    expect(result.frames[0]).toMatchObject({ width: 1280, height: 720 });
    expectSame(result, await referenceFrames(path, 1280, 720, { matrix: 'bt709' }));
  });
});

describe('colours', () => {
  it.each([
    ['HD that says nothing is BT.709', '1280x720', '', 'bt709'],
    ['what is smaller and says nothing is BT.601', '320x240', '', 'bt601'],
    ['a matrix that is named counts', '320x240', '-colorspace bt709', 'bt709'],
    ['full range', '320x240', '-pix_fmt yuvj420p', 'bt601'],
  ])('%s', async (name, size, options, matrix) => {
    const [width = 0, height = 0] = size.split('x').map(Number);
    const path = await workshop.make(
      'colours.mkv',
      movingPicture(size, 20, 0.1),
      '-c:v libx264 -preset ultrafast -pix_fmt yuv420p',
      ...(options ? [options] : []),
    );
    expectSame(await sampled('colours.mkv'), await referenceFrames(path, width, height, { matrix }));
    const other = await referenceFrames(path, width, height, { matrix: matrix === 'bt709' ? 'bt601' : 'bt709' });
    const wrong = psnr(
      (await sampled('colours.mkv')).pixels[0] ?? new Uint8Array(0),
      other[0]?.rgba ?? new Uint8Array(1),
    );
    expect(wrong, name).toBeLessThan(40);
  });
});

describe('a few frames of many, some by seeking', () => {
  const LONG = '-f lavfi -i testsrc2=size=160x120:rate=20:duration=10';
  const OPEN_GOP =
    '-c:v libx264 -preset veryfast -pix_fmt yuv420p -x264-params open-gop=1:keyint=20:bframes=3:log-level=none';
  it.each([
    ['mp4', `${H264} -g 20`, ''],
    ['mp4 with open groups', OPEN_GOP, ''],
    ['mp4 in fragments', `${H264} -g 20 -movflags frag_keyframe+empty_moov`, ''],
    ['mkv with open groups', OPEN_GOP, 'mkv'],
    ['webm', `${CODECS.vp8} -g 20`, 'webm'],
    ['avi with B pictures', `${CODECS.mpeg4} -g 20`, 'avi'],
    ['avi of stills', CODECS.mjpeg, 'avi'],
    ['mp4 with open groups of HEVC', `${CODECS.hevc} -x265-params keyint=20:bframes=3:open-gop=1:log-level=none`, ''],
  ])('%s', async (_name, codec, ending) => {
    const name = `long.${ending || 'mp4'}`;
    const path = await workshop.make(name, LONG, codec);
    const reference = await referenceFrames(path, 160, 120);
    expect(reference).toHaveLength(200);
    for (const count of [3, 7, 50, 199]) {
      const result = await sampled(name, count);
      expect(result.frames).toHaveLength(count);
      expectSame(result, reference);
      const step = 10_000 / count;
      for (const [index, { timeMs }] of result.frames.entries()) {
        expect(Math.abs(timeMs + 25 - (index + 0.5) * step)).toBeLessThan(51);
      }
    }
  });
});

describe('times', () => {
  it('of a frame rate that changes', async () => {
    const changing = "-vf select='if(lt(n,15),not(mod(n,3)),1)' -vsync vfr";
    const path = await workshop.make('changing.mp4', movingPicture(), changing, H264);
    const result = await sampled('changing.mp4');
    expect(result.info?.frameCount).toBe(20);
    expectSame(result, await referenceFrames(path, 320, 240));
    expect(result.frames.slice(0, 8).map((frame) => Math.round(frame.timeMs))).toEqual([
      0, 150, 300, 450, 600, 750, 800, 850,
    ]);
  });

  it('of a WebM without a duration, as browsers record it', async () => {
    const { stdout } = await runFfmpeg([...`${movingPicture()} ${CODECS.vp8} -f webm pipe:1`.split(' ')]);
    const { info } = await sampled('recorded.webm', 10, stdout);
    expect(info).toMatchObject({ frameCount: 30, container: 'webm' });
    expect(info?.durationMs).toBeCloseTo(1500, -1);
  });

  it.each([
    ['sound after it', '-map 0:v -map 1:a'],
    ['sound before it', '-map 1:a -map 0:v'],
  ])('of a video with %s', async (name, order) => {
    const sound = '-f lavfi -i sine=duration=2:sample_rate=44100';
    const path = await workshop.make('sound.mp4', movingPicture(), sound, order, H264, '-c:a aac');
    const result = await sampled('sound.mp4', 12);
    expect(result.info?.durationMs, name).toBeCloseTo(1500, -1);
    expectSame(result, await referenceFrames(path, 320, 240));
  });

  it('of 60 frames a second', async () => {
    const path = await workshop.make('sixty.mp4', movingPicture('320x240', 60, 1), H264);
    const result = await sampled('sixty.mp4');
    expect(result.frames).toHaveLength(60);
    expectSame(result, await referenceFrames(path, 320, 240));
  });

  it('of a clip cut without coding it anew: what an edit list hides is not shown', async () => {
    await workshop.make('whole.mp4', movingPicture('320x240', 20, 3), H264);
    const path = await workshop.make('cut.mp4', `-ss 1.25 -i ${workshop.path('whole.mp4')} -c copy`);
    const result = await sampled('cut.mp4');
    expectSame(result, await referenceFrames(path, 320, 240));
    expect(result.info?.frameCount).toBe((await referenceFrames(path, 320, 240)).length);
  });

  it('of VP8 in an MP4', async () => {
    await workshop.make('vp8.ivf', movingPicture(), CODECS.vp8);
    const frames = ivfFrames(await workshop.bytes('vp8.ivf')).map((bytes, index) => ({ bytes, isKey: index === 0 }));
    const mp4 = buildMp4({ format: 'vp08', width: 320, height: 240, frames, frameMs: 50 });
    const result = await sampled('vp8.mp4', 0, mp4);
    expect(result.info).toMatchObject({ codec: 'vp8', container: 'mp4', frameCount: 30, durationMs: 1500 });
    expectSame(result, await referenceFrames(workshop.path('vp8.ivf'), 320, 240));
  });

  it('one frame', async () => {
    await workshop.make('one.mp4', movingPicture(), H264, '-frames:v 1');
    const result = await sampled('one.mp4', 1);
    expect([result.frames.length, result.info?.frameCount]).toEqual([1, 1]);
  });
});

function mirrored({ timeMs, rgba }: ReferenceFrame): ReferenceFrame {
  const source = new Uint32Array(rgba.slice().buffer);
  const target = source.map((_, at) => source[at - (at % 320) + 319 - (at % 320)] ?? 0);
  return { timeMs, rgba: new Uint8Array(target.buffer) };
}
