import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import ffmpeg from '@ffmpeg-installer/ffmpeg';

const SECONDS = 8;

// The face fills two thirds of franck's frame, which is nearer than anyone is let: it is put into a wider room of its own colours.
export const IN_A_ROOM = [
  '[0:v]scale=640:480,boxblur=24[room]',
  '[0:v]scale=-2:288[person]',
  '[room][person]overlay=(W-w)/2:(H-h)/2',
].join(';');

/** What Chromium is started with so that a recording is its camera, over and over. */
export interface CameraFile {
  /** Every page may use it. */
  args: string[];
  /** Pages of a context that is given the permission may use it; to others the question is answered with no. */
  argsToAsk: string[];
  remove(): Promise<void>;
}

export async function cameraFile(recording: string, filter = IN_A_ROOM): Promise<CameraFile> {
  const folder = await mkdtemp(join(tmpdir(), 'camera-'));
  const file = join(folder, 'camera.mjpeg');
  const input = ['-v', 'error', '-t', `${SECONDS}`, '-i', recording];
  const output = ['-filter_complex', filter, '-r', '25', '-pix_fmt', 'yuvj420p', '-c:v', 'mjpeg', '-q:v', '3', file];
  await promisify(execFile)(ffmpeg.path, [...input, ...output]);
  const camera = ['--use-fake-device-for-media-stream', `--use-file-for-fake-video-capture=${file}`];
  return {
    args: ['--use-fake-ui-for-media-stream', ...camera],
    argsToAsk: ['--deny-permission-prompts', ...camera],
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}
