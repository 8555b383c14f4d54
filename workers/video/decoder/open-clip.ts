import { blockReader } from './block-reader.ts';
import type { ByteSource } from './byte-source.ts';
import type { ChosenFrame, SampleRequest } from './choose-sample.ts';
import { MAX_DURATION_MS, MAX_FRAMES, MAX_PIXELS } from './clip-limits.ts';
import { beginsLikeVideo, containerName } from './container-name.ts';
import { type FrameList, frameList } from './frame-list.ts';
import { NativeDecoder, type StreamFacts } from './native-decoder.ts';
import { orientationOf, rotationOf, upright } from './orientation.ts';
import { squared } from './picture-size.ts';
import { brokenContainer, emptyFile, noFrames, refusalOf, tooLong, tooManyFrames } from './refuse.ts';
import { sampleFrames } from './sample-frames.ts';

export interface ClipInfo {
  codec: string;
  container: string;
  /** Upright and of square pixels, as stored otherwise: what is sampled is scaled down from it. */
  width: number;
  height: number;
  durationMs: number;
  frameCount: number;
  /** Clockwise, how far the stored pictures were turned to be upright. */
  rotation: 0 | 90 | 180 | 270;
}

export interface SampledFrame extends Pick<ChosenFrame, 'isSpread' | 'isInRun'> {
  /** The n-th of so many, from 0. */
  place: number;
  total: number;
  /** From the first frame of the clip. */
  timeMs: number;
  /** The longer side at most 1280, never larger than stored. May change within a clip: a phone is turned while it films. */
  width: number;
  height: number;
  /** A copy, upright. */
  rgba: Uint8Array;
}

export interface Clip {
  readonly info: ClipInfo;
  /** Of the WebAssembly, which only grows. */
  readonly memoryBytes: number;
  /** Once. May refuse the clip after some frames were given: then these are no evidence. */
  sample(request: SampleRequest): AsyncGenerator<SampledFrame>;
  /** The memory goes with the last reference. */
  close(): void;
}

const HEAD_BYTES = 64;

/**
 * Opens the clip in a fresh instance of `module` and lists its frames. Throws `VideoRefused` for what is wrong with the
 * file, and whatever `source.read` rejected with.
 */
export async function openClip(module: WebAssembly.Module, source: ByteSource): Promise<Clip> {
  if (source.sizeBytes === 0) throw emptyFile();
  const reader = blockReader(source);
  await reader.load(0);
  const head = reader.cached(0, HEAD_BYTES)?.slice() ?? new Uint8Array(0);
  const decoder = new NativeDecoder(module, reader);
  const failure = await decoder.open(MAX_PIXELS);
  if (failure === 'not_a_video' && beginsLikeVideo(head)) throw brokenContainer();
  if (failure !== null) throw refusalOf(failure, decoder.codecName(), decoder.facts());
  // Twice, for frames that an edit list hides.
  const listed = await decoder.listFrames(2 * MAX_FRAMES, MAX_DURATION_MS);
  const facts = decoder.facts();
  if (typeof listed === 'string') {
    // A film of two hours has too many frames as well, but that is not what is wrong with it.
    if (facts.containerDurationMs > MAX_DURATION_MS) throw tooLong(facts.containerDurationMs);
    throw refusalOf(listed, decoder.codecName(), facts);
  }
  const list = frameList(listed);
  checkLimits(list);
  return opened(decoder, facts, list, containerName(decoder.demuxerName(), decoder.brand(), head));
}

function checkLimits({ timesMs, durationMs }: FrameList): void {
  if (timesMs.length === 0) throw noFrames();
  if (durationMs > MAX_DURATION_MS) throw tooLong(durationMs);
  if (timesMs.length > MAX_FRAMES) throw tooManyFrames();
}

function opened(decoder: NativeDecoder, facts: StreamFacts, list: FrameList, container: string): Clip {
  const orientation = orientationOf(facts.matrix);
  const { width, height } = squared(facts, facts.aspect);
  const info: ClipInfo = {
    codec: decoder.codecName(),
    container,
    width: orientation.swapsAxes ? height : width,
    height: orientation.swapsAxes ? width : height,
    durationMs: list.durationMs,
    frameCount: list.timesMs.length,
    rotation: rotationOf(orientation),
  };
  let held: NativeDecoder | null = decoder;
  return {
    info,
    get memoryBytes() {
      return held?.memoryBytes ?? 0;
    },
    async *sample(request) {
      if (held === null) throw new Error('the clip is closed');
      const startMs = list.timesMs[0] ?? 0;
      for await (const { timeMs, chosen, place, total, picture } of sampleFrames(
        { decoder: held, facts, list },
        request,
      )) {
        const { isSpread, isInRun } = chosen;
        yield { isSpread, isInRun, place, total, timeMs: timeMs - startMs, ...upright(picture, orientation) };
      }
    },
    close() {
      held = null;
    },
  };
}
