import { join } from 'node:path';
import { REAL_MEDIA } from '../../shared/testing/real-recordings.ts';
import { runFfmpeg } from '../../workers/video/decoder/testing/run-ffmpeg.ts';

export interface BenchClip {
  label: string;
  path: string;
  frames: number;
  /** Every frame is one, so nothing lies between those that are taken. */
  isAllKeyFrames: boolean;
}

interface Codec {
  name: string;
  extension: string;
  options: string[];
  isAllKeyFrames?: boolean;
}

/** One key frame at the start, so that who wants a later frame decodes all before it. */
const ONE_GROUP = ['-g', '9999', '-keyint_min', '9999', '-sc_threshold', '0'];
const VPX = ['-deadline', 'realtime', '-cpu-used', '8', '-g', '9999'];

const H264: Codec = {
  name: 'H.264 high',
  extension: 'mp4',
  options: ['-c:v', 'libx264', '-profile:v', 'high', '-preset', 'medium', '-crf', '23', ...ONE_GROUP],
};
const x265 = (name: string, more: string[]): Codec => ({
  name,
  extension: 'mp4',
  options: [
    '-c:v',
    'libx265',
    '-preset',
    'fast',
    '-crf',
    '26',
    '-x265-params',
    'keyint=9999:min-keyint=9999:log-level=none',
    ...more,
  ],
});
const HEVC = x265('HEVC, 8 bit', []);
const VP9: Codec = { name: 'VP9', extension: 'webm', options: ['-c:v', 'libvpx-vp9', '-b:v', '2M', ...VPX] };

export const SMALL_CODECS: readonly Codec[] = [
  H264,
  HEVC,
  x265('HEVC, 10 bit', ['-pix_fmt', 'yuv420p10le']),
  { name: 'VP8', extension: 'webm', options: ['-c:v', 'libvpx', '-b:v', '2M', ...VPX] },
  VP9,
  {
    name: 'AV1',
    extension: 'mkv',
    options: ['-c:v', 'libaom-av1', '-strict', 'experimental', '-cpu-used', '8', '-b:v', '1M', '-g', '9999'],
  },
  {
    name: 'MPEG-4',
    extension: 'avi',
    options: ['-c:v', 'mpeg4', '-q:v', '4', '-g', '600', '-sc_threshold', '1000000000'],
  },
  { name: 'Motion JPEG', extension: 'avi', options: ['-c:v', 'mjpeg', '-q:v', '4'], isAllKeyFrames: true },
];
export const LARGE_CODECS: readonly Codec[] = [H264, HEVC, VP9];

/** A real person, with the noise that a camera has and the package's film has lost. */
const person = (size: string) => [
  '-ss',
  '10',
  '-i',
  REAL_MEDIA.franck,
  '-an',
  '-vf',
  `scale=${size},noise=alls=7:allf=t`,
];

export async function makeClip(
  folder: string,
  { name, extension, options, isAllKeyFrames = false }: Codec,
  size: string,
  frames: number,
): Promise<BenchClip> {
  const label = `${name}, ${size.replace(':', 'x')}`;
  const path = join(folder, `${label.replaceAll(/[^\w]+/g, '-')}-${frames}.${extension}`);
  await runFfmpeg([...person(size), '-frames:v', `${frames}`, '-pix_fmt', 'yuv420p', ...options, path]);
  return { label, path, frames, isAllKeyFrames };
}

/** As a phone films: a minute, a key frame every second, some ten megabits a second. */
export async function makeMinute(folder: string): Promise<string> {
  const path = join(folder, 'minute.mp4');
  const camera = ['-c:v', 'libx264', '-profile:v', 'high', '-preset', 'ultrafast', '-b:v', '7M', '-g', '30'];
  await runFfmpeg([...person('1920:1080'), '-t', '59.9', '-r', '30', '-pix_fmt', 'yuv420p', ...camera, path]);
  return path;
}
