import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';

/** All that the decoder's bytes follow from, apart from the packages of the manifest. */
const INPUTS = [
  'compile-libraries.sh',
  'dav1d-wasm.cross',
  'link-decoder.sh',
  'sources.json',
  'video-decoder.c',
] as const;

const inFolder = (name: string) => join(import.meta.dirname, name);

export function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

export async function inputsSha256(): Promise<string> {
  const lines = await Promise.all(INPUTS.map(async (name) => `${sha256(await readFile(inFolder(name)))}  ${name}\n`));
  return sha256(new TextEncoder().encode(lines.join('')));
}

/** Debian source packages: the version, and what each of its files hashes to. */
const sourcePackages = z.record(z.string(), z.object({ version: z.string(), files: z.record(z.string(), z.string()) }));
export type SourcePackages = z.infer<typeof sourcePackages>;

export async function pinnedSources(): Promise<SourcePackages> {
  return sourcePackages.parse(JSON.parse(await readFile(inFolder('sources.json'), 'utf8')));
}
