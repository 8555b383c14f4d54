import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runFfmpeg } from './run-ffmpeg.ts';

export interface ClipWorkshop {
  /** Where a clip of this name lies, or will. */
  path(name: string): string;
  /** The arguments are separated by spaces; the name's ending says which container. */
  make(name: string, ...args: string[]): Promise<string>;
  bytes(name: string): Promise<Uint8Array>;
  close(): Promise<void>;
}

/** A picture in motion that has fine lines, hard edges of colour, and a counter. */
export function movingPicture(size = '320x240', rate = 20, seconds = 1.5): string {
  return `-f lavfi -i testsrc2=size=${size}:rate=${rate}:duration=${seconds}`;
}

export async function openClipWorkshop(): Promise<ClipWorkshop> {
  const folder = await mkdtemp(join(tmpdir(), 'clips-'));
  const path = (name: string) => join(folder, name);
  return {
    path,
    make: async (name, ...args) => {
      await runFfmpeg([...args.join(' ').split(' '), path(name)]);
      return path(name);
    },
    bytes: async (name) => new Uint8Array(await readFile(path(name))),
    close: () => rm(folder, { recursive: true }),
  };
}
