import { spawn, spawnSync } from 'node:child_process';
import ffmpeg from '@ffmpeg-installer/ffmpeg';
import type { RgbaPicture } from '../../workers/inference/picture/rgba-picture.ts';

export interface ClipOptions {
  /** Frames a second to take; a clip that has fewer gives what it has. */
  fps?: number;
  seconds?: number;
  /** Longer side at most. */
  largestSide?: number;
}

/** As the container states it; 30 where it does not. */
export function clipFps(path: string): number {
  const { stderr } = spawnSync(ffmpeg.path, ['-hide_banner', '-i', path], { encoding: 'utf8' });
  return Number(/Video:.*?([\d.]+) fps/.exec(stderr)?.[1] ?? 30);
}

/** Frames of a video file, upright, one after the other: only one is held at a time. */
export async function* clipFrames(path: string, options: ClipOptions = {}): AsyncGenerator<RgbaPicture> {
  const filters = [
    ...(options.fps ? [`fps=${options.fps}`] : []),
    ...(options.largestSide
      ? [`scale='min(iw,${options.largestSide})':'min(ih,${options.largestSide})':force_original_aspect_ratio=decrease`]
      : []),
  ];
  const args = [
    '-v',
    'error',
    '-i',
    path,
    ...(options.seconds ? ['-t', `${options.seconds}`] : []),
    ...(filters.length > 0 ? ['-vf', filters.join(',')] : []),
    ...['-f', 'image2pipe', '-c:v', 'ppm', '-'],
  ];
  const child = spawn(ffmpeg.path, args, { stdio: ['ignore', 'pipe', 'ignore'] });
  try {
    let rest: Buffer = Buffer.alloc(0);
    const parts: Buffer[] = [];
    let received = 0;
    let wanted = 0;
    for await (const chunk of child.stdout as AsyncIterable<Buffer>) {
      parts.push(chunk);
      received += chunk.length;
      if (received < wanted) continue;
      rest = Buffer.concat([rest, ...parts.splice(0)]);
      for (;;) {
        const frame = readPpm(rest);
        if (frame === null) break;
        rest = rest.subarray(frame.length);
        yield frame.picture;
      }
      received = rest.length;
      wanted = lengthOfPpm(rest) ?? 0;
    }
  } finally {
    child.kill('SIGKILL');
  }
}

function headerOf(bytes: Buffer): { width: number; height: number; start: number } | null {
  const match = /^P6\s(\d+)\s(\d+)\s255\s/.exec(bytes.subarray(0, 32).toString('latin1'));
  return match ? { width: Number(match[1]), height: Number(match[2]), start: match[0].length } : null;
}

function lengthOfPpm(bytes: Buffer): number | null {
  const header = headerOf(bytes);
  return header && header.start + header.width * header.height * 3;
}

function readPpm(bytes: Buffer): { picture: RgbaPicture; length: number } | null {
  const header = headerOf(bytes);
  const length = lengthOfPpm(bytes);
  if (header === null || length === null || bytes.length < length) return null;
  const { width, height, start } = header;
  const data = new Uint8Array(width * height * 4);
  for (let pixel = 0, at = start; pixel < width * height; pixel++) {
    data[pixel * 4] = bytes[at++] ?? 0;
    data[pixel * 4 + 1] = bytes[at++] ?? 0;
    data[pixel * 4 + 2] = bytes[at++] ?? 0;
    data[pixel * 4 + 3] = 255;
  }
  return { picture: { width, height, data }, length };
}
