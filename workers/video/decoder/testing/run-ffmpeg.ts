import { spawn } from 'node:child_process';
import ffmpeg from '@ffmpeg-installer/ffmpeg';

/** FFmpeg as npm brings it: it makes the clips, and what it decodes is what ours must come to. */
export async function runFfmpeg(args: string[]): Promise<{ stdout: Uint8Array; stderr: string }> {
  const child = spawn(ffmpeg.path, ['-hide_banner', '-nostdin', '-y', ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  const out: Buffer[] = [];
  let stderr = '';
  child.stdout.on('data', (chunk: Buffer) => out.push(chunk));
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  const code = await new Promise<number | null>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', resolve);
  });
  if (code !== 0) throw new Error(`ffmpeg ${args.join(' ')} ended with ${code}:\n${stderr.slice(-2000)}`);
  return { stdout: new Uint8Array(Buffer.concat(out)), stderr };
}
