import { runFfmpeg } from './run-ffmpeg.ts';

export interface ReferenceFrame {
  timeMs: number;
  rgba: Uint8Array;
}

export interface ReferenceOptions {
  /** Turned as the file says. */
  isTurned?: boolean;
  /** What to take the colours for; by default FFmpeg knows, and takes them for BT.601 where nothing is said. */
  matrix?: string;
}

/**
 * Every frame as FFmpeg decodes it: none doubled or dropped, and its colours scaled with the same care as ours, for by
 * default it takes short cuts there.
 */
export async function referenceFrames(
  path: string,
  width: number,
  height: number,
  { isTurned = false, matrix = 'auto' }: ReferenceOptions = {},
): Promise<ReferenceFrame[]> {
  const care = 'flags=bicubic+accurate_rnd+full_chroma_int+full_chroma_inp';
  const scaling = `scale=${width}:${height}:${care}:in_color_matrix=${matrix}`;
  const { stdout, stderr } = await runFfmpeg([
    ...(isTurned ? [] : ['-noautorotate']),
    ...['-i', path, '-map', '0:v:0', '-vf', `showinfo,${scaling}`, '-vsync', '0'],
    ...['-pix_fmt', 'rgba', '-f', 'rawvideo', 'pipe:1'],
  ]);
  const times = [...stderr.matchAll(/Parsed_showinfo.*? pts_time:([-\d.e+]+|NOPTS)/g)].map(
    (match) => Number(match[1]) * 1000,
  );
  const frameBytes = width * height * 4;
  const start = times[0] ?? 0;
  return Array.from({ length: Math.floor(stdout.length / frameBytes) }, (_, index) => ({
    timeMs: (times[index] ?? Number.NaN) - start,
    rgba: stdout.subarray(index * frameBytes, (index + 1) * frameBytes),
  }));
}

/** Over red, green and blue; infinite for equal pictures. */
export function psnr(a: Uint8Array, b: Uint8Array): number {
  if (a.length !== b.length) return 0;
  let sum = 0;
  for (let i = 0; i < a.length; i++) if (i % 4 !== 3) sum += ((a[i] ?? 0) - (b[i] ?? 0)) ** 2;
  return 10 * Math.log10((255 * 255 * a.length * 0.75) / sum);
}
