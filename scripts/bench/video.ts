import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runFfmpeg } from '../../workers/video/decoder/testing/run-ffmpeg.ts';
import { type DecoderWorker, startDecoderWorker } from '../../workers/video/decoder/testing/start-decoder-worker.ts';
import { type BenchClip, LARGE_CODECS, makeClip, makeMinute, SMALL_CODECS } from './bench-clips.ts';
import { benchVideoMemory } from './video-memory.ts';

const ROUNDS = 3;
const TAKEN = 10;

/**
 * Decoding in workerd, through ranged reads of R2, beside FFmpeg in native code on one thread: the same files in turn, so that
 * whatever else the machine does falls on both alike. Then what a film of a minute takes of memory.
 */
export async function benchVideo(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'bench-video-'));
  try {
    const clips: BenchClip[] = [];
    for (const codec of SMALL_CODECS) clips.push(await makeClip(folder, codec, '640:480', 120));
    for (const codec of LARGE_CODECS) clips.push(await makeClip(folder, codec, '1920:1080', 60));
    const minute = await makeMinute(folder);
    const worker = await startDecoderWorker();
    try {
      await benchDecoding(worker, clips, folder);
      await worker.put('minute', await readFile(minute));
      const { memoryBytes, info } = await worker.sample('minute', { count: 120 });
      await benchVideoMemory(minute, { memoryBytes, durationMs: info?.durationMs ?? 0 });
    } finally {
      await worker.close();
    }
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function benchDecoding(worker: DecoderWorker, clips: readonly BenchClip[], folder: string): Promise<void> {
  const { stdout } = await runFfmpeg(['-version']);
  const [version] = new TextDecoder().decode(stdout).split('\n');
  console.log(
    `\nDecoding, milliseconds a frame, medians of ${ROUNDS} rounds in turn; native is ${version}, one thread`,
  );
  console.log(
    `"decoded": all frames, ${TAKEN} of them as RGBA in WASM and none in native code. "as RGBA": all of them, in both.`,
  );
  console.log('What a clip of one frame takes (the request, the process) is taken off both.\n');
  console.log(columns('', ['decoded', 'native', 'ratio', 'as RGBA', 'native', 'ratio']));
  for (const clip of clips) {
    await worker.put(clip.label, await readFile(clip.path));
    const single = await firstFrameOf(clip, folder);
    await worker.put('single', await readFile(single));
    const cells = [
      ...(clip.isAllKeyFrames ? ['-', '-', '-'] : await compare(clip, single, { worker, count: TAKEN, native: [] })),
      ...(await compare(clip, single, { worker, count: 0, native: ['-pix_fmt', 'rgba'] })),
    ];
    console.log(columns(clip.label, cells));
  }
}

interface Way {
  worker: DecoderWorker;
  /** All when 0. */
  count: number;
  native: string[];
}

async function compare(
  { label, path, frames }: BenchClip,
  single: string,
  { worker, count, native }: Way,
): Promise<string[]> {
  const ours: number[] = [];
  const theirs: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const [whole, one] = [
      await timed(() => worker.sample(label, { count })),
      await timed(() => worker.sample('single')),
    ];
    ours.push(whole - one);
    theirs.push(
      (await timed(() => decodeNatively(path, native))) - (await timed(() => decodeNatively(single, native))),
    );
  }
  const [a, b] = [median(ours) / frames, median(theirs) / frames];
  return [a.toFixed(2), b.toFixed(2), `${(a / b).toFixed(1)}x`];
}

const decodeNatively = (path: string, options: string[]) =>
  runFfmpeg(['-threads', '1', '-i', path, '-vsync', '0', ...options, '-f', 'null', '-']);

async function firstFrameOf({ path }: BenchClip, folder: string): Promise<string> {
  const single = join(folder, `single.${path.split('.').at(-1)}`);
  await runFfmpeg(['-i', path, '-c', 'copy', '-frames:v', '1', single]);
  return single;
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const startedAtMs = performance.now();
  await work();
  return performance.now() - startedAtMs;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

function columns(name: string, cells: readonly string[]): string {
  return `  ${name.padEnd(24)}${cells.map((cell) => cell.padStart(10)).join('')}`;
}
